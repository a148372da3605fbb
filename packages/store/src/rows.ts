/** What a row becomes on a page, and back: every row passes its schema in both directions. */
import { AuraError, type RawRow, type Row, type Table, tables, toMessage } from "@aura/core"
import type { z } from "zod"
import { indexKey, isId } from "./keys.ts"
import type { Value } from "./pages.ts"
import { keepUnknown } from "./unknown-fields.ts"
import type { Versions } from "./versions.ts"

/** The same tables, in the type that ties each name to its row. */
const typed: { [T in Table]: { schema: { safeParse(value: unknown): z.ZodSafeParseResult<Row<T>> } } } =
  tables

/** A checked row in the words of the store. */
export type StoredRow = { table: Table; id: string; text: string; indexKeys: string[] }

/** Fields the schema does not know are left out. @throws AuraError `bad_request` when the row does not fit. */
export function toStored(table: Table, row: unknown, versions: Versions): StoredRow {
  const checked = tables[table].schema.safeParse(row)
  if (!checked.success) throw misfit(table, row, checked.error)
  const { id } = checked.data
  requireId(table, "id", id)
  const indexKeys = toIndexKeys(table, checked.data)
  const version = versions.current(table)
  const marked = version === 1 ? checked.data : { ...checked.data, v: version }
  return { table, id, text: toJson(table, id, marked), indexKeys }
}

/** The row with the fields that only a newer Aura knows, where the stored one has any. */
export function withUnknown(row: StoredRow, old: Value, versions: Versions): StoredRow {
  if (typeof old !== "string") return row
  const raw = versions.upcast(row.table, JSON.parse(old))
  const known = tables[row.table].schema.safeParse(raw)
  if (!known.success) return row
  const next = JSON.parse(row.text)
  const kept = keepUnknown(withoutVersion(raw), JSON.parse(JSON.stringify(known.data)), withoutVersion(next))
  return {
    ...row,
    text: JSON.stringify(next.v === undefined ? kept : Object.assign({}, kept, { v: next.v })),
  }
}

function withoutVersion(row: RawRow): RawRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== "v"))
}

/** @throws when the text is no row of this table. */
export function parseRow<T extends Table>(table: T, text: string, versions: Versions): Row<T> {
  const { data, error } = typed[table].schema.safeParse(versions.upcast(table, JSON.parse(text)))
  if (error) throw new Error(toSentence(error))
  return data
}

/** One key for each column the table is listed by and the row has a value for. */
export function toIndexKeys(table: Table, row: { id: string }): string[] {
  const keys: string[] = []
  for (const column of tables[table].by) {
    const value = columnOf(row, column)
    if (value === undefined || value === null) continue
    requireId(table, column, value)
    keys.push(indexKey(table, column, value, row.id))
  }
  return keys
}

export function columnOf(row: object, column: string): unknown {
  return Reflect.get(row, column)
}

export function requireId(table: Table, column: string, value: unknown): asserts value is string {
  if (isId(value)) return
  throw new AuraError(
    "bad_request",
    `Nothing was saved: the ${column} of a row of ${table} must be 1 to 200 visible ASCII characters without a space.`,
    { table, column },
  )
}

function toJson(table: Table, id: string, row: object): string {
  try {
    return JSON.stringify(row)
  } catch (error) {
    throw new AuraError(
      "bad_request",
      `Nothing was saved: row ${id} of ${table} cannot be written as JSON (${toMessage(error)}).`,
      { table, id },
    )
  }
}

function toSentence({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join(".") || "row"}: ${message}`).join("; ")
}

function misfit(table: Table, row: unknown, error: z.ZodError): AuraError {
  const id = typeof row === "object" && row !== null ? columnOf(row, "id") : undefined
  return new AuraError(
    "bad_request",
    `Nothing was saved: a row of ${table} does not fit its schema (${toSentence(error)}).`,
    {
      table,
      ...(typeof id === "string" && { id }),
      issues: error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    },
  )
}
