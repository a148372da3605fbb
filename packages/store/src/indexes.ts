/** Which columns rows can be listed by. Where an Aura with other columns wrote last, their keys are made anew. */
import { hash } from "node:crypto"
import { type Table, tableNames, tables } from "@aura/core"
import { z } from "zod"
import { headKey, idOf, indexesKey, indexKey, indexStem, isId, rowRange } from "./keys.ts"
import type { Head, Page, Pages, Range, Reader, Write } from "./pages.ts"
import { columnOf } from "./rows.ts"
import type { Versions } from "./versions.ts"

type Column = { table: Table; column: string; name: string }
type Written = Reader & Pick<Pages, "write">

const chunk = 1000
const Names = z.array(z.string())
const Mark = z.object({ by: z.string() })

/** The columns of this Aura; an upcaster can change what stands in one. */
function listColumns(versions: Versions): Column[] {
  return tableNames.flatMap((table) =>
    tables[table].by.map((column) => ({
      table,
      column,
      name: `${table}@${versions.current(table)}.${column}`,
    })),
  )
}

/** What the head is marked with: an older Aura leaves the mark out, which tells that it wrote last. */
export function markOf(versions: Versions): string {
  return toMark(listColumns(versions).map(({ name }) => name))
}

export function toHeadText(head: Head, mark: string): string {
  return JSON.stringify({ ...head, by: mark })
}

/** Makes sure that lists by every column are whole. Safe to repeat after a crash. */
export async function repairIndexes(pages: Written, head: Head, versions: Versions): Promise<void> {
  const all = listColumns(versions)
  const stale = await findStale(pages, all)
  if (stale === undefined) return
  // Noted first: a crash in the middle must not make half an index look whole.
  await note(
    pages,
    head,
    all.filter((one) => !stale.includes(one)),
  )
  for (const one of stale) await rebuild(pages, one, versions)
  await note(pages, head, all)
}

/** `undefined` when all is as it was left by an Aura with the same columns. */
async function findStale(reader: Reader, all: Column[]): Promise<Column[] | undefined> {
  const [noteText, headText] = await reader.read([indexesKey, headKey])
  const noted = parse(Names, noteText)
  if (!noted) {
    const missing = await Promise.all(all.map((one) => isMissing(reader, one)))
    return all.filter((_, i) => missing[i])
  }
  const isOurs = headText === undefined || parse(Mark, headText)?.by === toMark(noted)
  const stale = isOurs ? all.filter(({ name }) => !noted.includes(name)) : all
  return stale.length === 0 && noted.length === all.length ? undefined : stale
}

/** Before the columns were noted: a table with rows and without a single key of the column. */
async function isMissing(reader: Reader, { table, column }: Column): Promise<boolean> {
  const [row] = await reader.scan({ ...rowRange(table), limit: 1 })
  const [key] = await reader.scan({ ...indexStem(table, column), limit: 1 })
  return row !== undefined && key === undefined
}

async function rebuild(pages: Written, { table, column }: Column, versions: Versions): Promise<void> {
  await visit(pages, indexStem(table, column), ({ key }) => [{ key, value: undefined }])
  await visit(pages, rowRange(table), ({ key, value }) => {
    const found =
      typeof value === "string" ? columnOf(versions.upcast(table, JSON.parse(value)), column) : undefined
    return isId(found) ? [{ key: indexKey(table, column, found, idOf(key)), value: "" }] : []
  })
}

async function visit(pages: Written, range: Range, toWrites: (page: Page) => Write[]): Promise<void> {
  let { from } = range
  for (;;) {
    const found = await pages.scan({ ...range, from, limit: chunk })
    const writes = found.flatMap(toWrites)
    if (writes.length > 0) await pages.write(writes)
    const last = found.at(-1)
    if (!last || found.length < chunk) return
    from = `${last.key} `
  }
}

async function note(pages: Written, head: Head, columns: Column[]): Promise<void> {
  const names = columns.map(({ name }) => name)
  const writes = [{ key: indexesKey, value: JSON.stringify(names) }]
  if (head.seq > 0) writes.push({ key: headKey, value: toHeadText(head, toMark(names)) })
  await pages.write(writes)
}

function toMark(names: string[]): string {
  return hash("sha256", names.join(" "), "hex").slice(0, 12)
}

function parse<T>(schema: z.ZodType<T>, text: unknown): T | undefined {
  try {
    return typeof text === "string" ? schema.parse(JSON.parse(text)) : undefined
  } catch {
    return undefined
  }
}
