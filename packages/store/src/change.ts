/** One change on its way to the pages: checked, turned into text, its index keys kept in step. */
import { AuraError, type EventType, eventTypes, isTable, type Table, tables } from "@aura/core"
import type { Draft } from "./draft.ts"
import { isId, rowKey } from "./keys.ts"
import { Unreadable, type Value } from "./pages.ts"
import { toFailure } from "./read.ts"
import { requireId, type StoredRow, toIndexKeys, toStored, withUnknown } from "./rows.ts"
import type { Change } from "./store.ts"
import type { Versions } from "./versions.ts"

type RemovedRow = { table: Table; id: string }

export type PreparedChange = {
  projectId: string | undefined
  before: EventType | undefined
  rows: StoredRow[]
  removed: RemovedRow[]
  /** Keys of the rows: their old values decide which index keys go and which unknown fields stay. */
  keys: string[]
}

/** @throws AuraError `bad_request` when any part of it cannot be stored. */
export function prepareChange(
  { projectId, rows, removed = {}, before }: Change,
  versions: Versions,
): PreparedChange {
  if (projectId !== undefined && !isId(projectId))
    throw refuse(`${JSON.stringify(projectId)} cannot be the id of a project`)
  const stored = Object.entries(rows).flatMap(([name, list]) => {
    const table = toTable(name)
    return (list ?? []).map((row) => toStored(table, row, versions))
  })
  const gone = Object.entries(removed).flatMap(([name, ids]) => {
    const table = toTable(name)
    return (ids ?? []).map((id) => toRemoved(table, id))
  })
  requireOnce([...stored, ...gone])
  if (before !== undefined && !eventTypes.includes(before)) throw refuse(`there is no event called ${before}`)
  return { projectId, before, rows: stored, removed: gone, keys: [...stored, ...gone].map(keyOf) }
}

/**
 * Puts the rows and their index keys on the draft: all of them, or none when an old row cannot be read.
 * @returns the part of the event's JSON that tells of the change
 */
export async function stageChange(
  { projectId, rows, removed, keys }: PreparedChange,
  draft: Draft,
  versions: Versions,
): Promise<string> {
  const values = await draft.read(keys)
  const old = new Map(keys.map((key, i) => [key, values[i]]))
  const stale = [...rows, ...removed].flatMap((row) => toOldIndexKeys(row, old.get(keyOf(row))))
  const whole = rows.map((row) => withUnknown(row, old.get(keyOf(row)), versions))
  for (const key of stale) draft.put(key, undefined)
  for (const row of removed) draft.put(keyOf(row), undefined)
  for (const row of whole) {
    draft.put(keyOf(row), row.text)
    for (const key of row.indexKeys) draft.put(key, "")
  }
  return toEventText(projectId, whole, removed)
}

function toOldIndexKeys({ table, id }: RemovedRow, value: Value): string[] {
  if (value === undefined) return []
  if (value instanceof Unreadable) throw toFailure({ table, id, reason: value.reason })
  return toIndexKeys(table, { ...JSON.parse(value), id })
}

function keyOf({ table, id }: RemovedRow): string {
  return rowKey(table, id)
}

function toTable(name: string): Table {
  if (isTable(name)) return name
  throw refuse(`there is no table called ${name}`)
}

function toRemoved(table: Table, id: unknown): RemovedRow {
  requireId(table, "id", id)
  return { table, id }
}

function requireOnce(rows: RemovedRow[]): void {
  const seen = new Set<string>()
  for (const row of rows) {
    if (seen.has(keyOf(row))) throw refuse(`row ${row.id} of ${row.table} is named twice in one change`)
    seen.add(keyOf(row))
  }
}

function toEventText(projectId: string | undefined, rows: StoredRow[], removed: RemovedRow[]): string {
  const hidden = new Set(
    [...rows, ...removed].map(({ table }) => table).filter((table) => tables[table].audience === "private"),
  )
  const rowLists = toLists(rows, ({ text }) => text)
  const idLists = toLists(removed, ({ id }) => JSON.stringify(id))
  const project = projectId === undefined ? "" : `"projectId":${JSON.stringify(projectId)},`
  const marks = hidden.size > 0 ? `,"private":${JSON.stringify([...hidden])}` : ""
  return `${project}"rows":${rowLists}${removed.length > 0 ? `,"removed":${idLists}` : ""}${marks}`
}

/** The JSON text of `{ table: [item, …] }`. */
function toLists<T extends { table: Table }>(items: T[], toText: (item: T) => string): string {
  const lists = Map.groupBy(items, ({ table }) => table)
  return `{${[...lists].map(([table, list]) => `"${table}":[${list.map(toText).join(",")}]`).join(",")}}`
}

function refuse(what: string): AuraError {
  return new AuraError("bad_request", `Nothing was saved: ${what}.`)
}
