/** Reading rows: get and list over pages, or over pages with a draft on top. */
import { AuraError, isTable, type ListColumn, type Row, type Table, tables, toMessage } from "@aura/core"
import { idOf, indexRange, rowKey, rowRange } from "./keys.ts"
import { type Range, type Reader, Unreadable, type Value } from "./pages.ts"
import { columnOf, parseRow } from "./rows.ts"
import type { Read, RowPage } from "./store.ts"
import type { Versions } from "./versions.ts"

/** A row that is there but cannot be read; `id` is the last readable one before a stretch that is not. */
export type LostRow = { table: Table; id: string; reason: string }

export type ReadOptions = {
  versions: Versions
  /**
   * Called for a row that a list cannot show; the list then goes on without it. Without `onLost` the list fails:
   * nothing is left out in silence.
   */
  onLost?: ((lost: LostRow) => void) | undefined
}

export function createRead(reader: Reader, { versions, onLost }: ReadOptions): Read {
  function toRow<T extends Table>(table: T, id: string, value: Value): { row: Row<T> } | LostRow {
    if (value === undefined) return { table, id, reason: "it is listed but not there" }
    if (value instanceof Unreadable) return { table, id, reason: value.reason }
    try {
      return { row: parseRow(table, value, versions) }
    } catch (error) {
      return { table, id, reason: toMessage(error) }
    }
  }

  return {
    async get(table, id) {
      const [value] = await reader.read([rowKey(table, id)])
      if (value === undefined) return undefined
      const row = toRow(table, id, value)
      if ("reason" in row) throw toFailure(row)
      return row.row
    },

    async list<T extends Table>(table: T, where: { [C in ListColumn<T>]?: string } = {}, page: RowPage = {}) {
      const { limit, reverse = false } = page
      const [first, ...others] = toFilters(table, where)
      const toKey = (key: string) => rowKey(table, idOf(key))
      const whole = first ? indexRange(table, ...first) : rowRange(table)
      let range = cut(whole, page.after, reverse)
      const rows: Row<T>[] = []
      while (limit === undefined || rows.length < limit) {
        const found = rows.length
        const part: Range = {
          ...range,
          reverse,
          ...(limit === undefined ? {} : { limit: limit - found }),
        }
        const pages = first ? await reader.follow(part, toKey) : await reader.scan(part)
        for (const { key, value } of pages) {
          const row = toRow(table, idOf(key), value)
          if ("reason" in row && !onLost) throw toFailure(row)
          if ("reason" in row) onLost?.(row)
          else if (others.every(([column, wanted]) => columnOf(row.row, column) === wanted))
            rows.push(row.row)
        }
        const last = idOf(pages.at(-1)?.key ?? "")
        if (last === "" || limit === undefined || pages.length < limit - found) break
        range = cut(whole, last, reverse)
      }
      return rows
    },
  }
}

/**
 * The part of a range behind an id, or before it in reverse. A space sorts before every character of an id: with
 * it behind the id, a range begins at the next one.
 */
function cut(whole: Range, after: string | undefined, reverse: boolean): Range {
  if (after === undefined) return whole
  return reverse ? { ...whole, to: `${whole.from}${after}` } : { ...whole, from: `${whole.from}${after} ` }
}

type Filter = [column: string, value: string]

function toFilters(table: Table, where: Record<string, string | undefined>): Filter[] {
  if (!isTable(table)) throw new AuraError("bad_request", `There is no table called ${String(table)}.`)
  const columns: readonly string[] = tables[table].by
  const filters: Filter[] = []
  for (const [column, value] of Object.entries(where)) {
    if (!columns.includes(column)) {
      throw new AuraError("bad_request", `Rows of ${table} cannot be listed by ${column}.`, { table, column })
    }
    if (value !== undefined) filters.push([column, value])
  }
  return filters
}

export function toFailure({ table, id, reason }: LostRow): AuraError {
  return new AuraError(
    "internal_error",
    `Row ${id} of ${table} cannot be read from Aura's memory (${reason}). Restore a checkpoint to get it back.`,
    { table, id, reason },
  )
}
