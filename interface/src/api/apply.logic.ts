/** What events mean for lists of rows: newer rows replace older ones, removed ids leave. Pure. */
import { type AuraEvent, isTable, type Row, type Table, traitsOf } from "@aura/core"

export type KeyedRow = { id: string }
export type Where = { readonly [column: string]: string }
export type Change<R extends KeyedRow> = { upserts: Map<string, R>; removed: Set<string> }
type Fact = Pick<AuraEvent, "rows" | "removed">

export function touchedTables(events: readonly Fact[]): Set<Table> {
  const names = events.flatMap((event) => [...Object.keys(event.rows), ...Object.keys(event.removed ?? {})])
  return new Set(names.filter(isTable))
}

/** Tasks whose changes may be others after this: a tool ran for them, or their row is another. */
export function touchedDiffs(event: Fact): string[] {
  const tools = event.rows.entries?.flatMap((row) => (row.kind === "tool" && row.taskId ? [row.taskId] : []))
  const rows = event.rows.tasks?.filter((task) => task.status === "in_progress" || task.status === "done")
  return [...new Set([...(tools ?? []), ...(rows ?? []).map((task) => task.id)])]
}

/** True when this may have changed files of the workspace or their committed versions. */
export function mayTouchFiles(event: Fact & Pick<AuraEvent, "type">): boolean {
  return (
    event.type === "snapshot.restored" ||
    (event.rows.tasks ?? []).some((task) => task.status === "done") ||
    (event.rows.entries ?? []).some(
      (row) => row.kind === "check" || (row.kind === "tool" && !traitsOf(row.name)?.readsFiles),
    )
  )
}

/** Merges events, oldest first, into one change of a table; the last event for an id wins. */
export function gatherChange<T extends Table>(table: T, events: readonly Fact[]): Change<Row<T>> {
  const upserts = new Map<string, Row<T>>()
  const removed = new Set<string>()
  for (const event of events) {
    for (const row of event.rows[table] ?? []) {
      upserts.set(row.id, row)
      removed.delete(row.id)
    }
    for (const id of event.removed?.[table] ?? []) {
      upserts.delete(id)
      removed.add(id)
    }
  }
  return { upserts, removed }
}

/**
 * A list after a change: rows that match `where` are put in, rows that no longer do are taken out.
 * The same list is given back when nothing in it changed.
 */
export function applyChange<R extends KeyedRow>(
  table: Table,
  where: Where,
  rows: readonly R[],
  change: Change<R>,
): readonly R[] {
  const incoming = new Map([...change.upserts].filter(([, row]) => matches(row, where)))
  const kept: R[] = []
  let changed = false
  for (const row of rows) {
    const fresh = incoming.get(row.id)
    incoming.delete(row.id)
    if (fresh) kept.push(fresh)
    else if (!change.removed.has(row.id) && !change.upserts.has(row.id)) kept.push(row)
    changed ||= kept.at(-1) !== row
  }
  if (!changed && incoming.size === 0) return rows
  kept.push(...incoming.values())
  return sortRows(table, kept)
}

/** The order every list of a table has. Ids sort by time. */
export function sortRows<R extends KeyedRow>(table: Table, rows: readonly R[]): R[] {
  const sorted = [...rows]
  if (table === "specs" || table === "tasks") return sorted.sort((a, b) => byNumber(a, b, "order"))
  if (table === "entries") return sorted.sort(byPlaceInSession)
  if (table === "projects") return sorted.sort((a, b) => compareIds(b, a))
  return sorted.sort(compareIds)
}

export function matches(row: KeyedRow, where: Where): boolean {
  return Object.entries(where).every(([column, value]) => read(row, column) === value)
}

function byPlaceInSession(a: KeyedRow, b: KeyedRow): number {
  return read(a, "sessionId") === read(b, "sessionId") ? byNumber(a, b, "n") : compareIds(a, b)
}

function byNumber(a: KeyedRow, b: KeyedRow, column: string): number {
  return Number(read(a, column)) - Number(read(b, column)) || compareIds(a, b)
}

function compareIds(a: KeyedRow, b: KeyedRow): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function read(row: KeyedRow, column: string): unknown {
  return Reflect.get(row, column)
}
