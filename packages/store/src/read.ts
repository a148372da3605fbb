/** Reading rows: get and list over pages, or over pages with a draft on top. */
import { AuraError, isTable, type ListColumn, type Row, type Table, tables, toMessage } from "@aura/core"
import { idOf, indexRange, rowKey, rowRange } from "./keys.ts"
import { type Range, type Reader, Unreadable, type Value } from "./pages.ts"
import { columnOf, parseRow } from "./rows.ts"
import type { Read, RowPage } from "./store.ts"

/** A row that is there but cannot be read; `id` is the last readable one before a stretch that is not. */
export type LostRow = { table: Table; id: string; reason: string }

/**
 * @param onLost called for a row that a list cannot show; the list then goes on without it. Without `onLost`
 * the list fails: nothing is left out in silence.
 */
export function createRead(reader: Reader, onLost?: (lost: LostRow) => void): Read {
  return {
    async get(table, id) {
      const [value] = await reader.read([rowKey(table, id)])
      if (value === undefined) return undefined
      const row = toRow(table, id, value)
      if ("reason" in row) throw toFailure(row)
      return row.row
    },

    async list<T extends Table>(table: T, where: { [C in ListColumn<T>]?: string } = {}, page: RowPage = {}) {
      const [first, ...others] = toFilters(table, where)
      const pages = first
        ? await reader.follow(behind(indexRange(table, ...first), page), (key) => rowKey(table, idOf(key)))
        : await reader.scan(behind(rowRange(table), page))
      const rows: Row<T>[] = []
      for (const { key, value } of pages) {
        const row = toRow(table, idOf(key), value)
        if ("row" in row) rows.push(row.row)
        else if (onLost) onLost(row)
        else throw toFailure(row)
      }
      return rows.filter((row) => others.every(([column, value]) => columnOf(row, column) === value))
    },
  }
}

/** A space sorts before every character of an id: with it behind the id, a range begins at the next one. */
function behind(range: Range, { after, limit }: RowPage): Range {
  const from = after === undefined ? range.from : `${range.from}${after} `
  return limit === undefined ? { ...range, from } : { ...range, from, limit }
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

function toRow<T extends Table>(table: T, id: string, value: Value): { row: Row<T> } | LostRow {
  if (value === undefined) return { table, id, reason: "it is listed but not there" }
  if (value instanceof Unreadable) return { table, id, reason: value.reason }
  try {
    return { row: parseRow(table, value) }
  } catch (error) {
    return { table, id, reason: toMessage(error) }
  }
}

export function toFailure({ table, id, reason }: LostRow): AuraError {
  return new AuraError(
    "internal_error",
    `Row ${id} of ${table} cannot be read from Aura's memory (${reason}). Restore a checkpoint to get it back.`,
    { table, id, reason },
  )
}
