/** A run told again by its events alone: rows as they come out of them, and what was wrong on the way. */
import { type AuraEvent, canTransition, type Row, type Table, tableNames, tables } from "@aura/core"

export type History = {
  /** In the order of their ids, as the store lists them. */
  rowsOf<T extends Table>(table: T): Row<T>[]
  /** In the order of what happened. */
  entriesOf(sessionId: string): Row<"entries">[]
  /** Steps that must not be taken. */
  breaches: string[]
}

type Rows = { [T in Table]: Map<string, Row<T>> }

export function replay(events: readonly AuraEvent[]): History {
  const rows = createRows()
  const breaches: string[] = []
  for (const event of events) {
    const found = [...judgeTasks(event, rows.tasks), ...judgeLoops(event, rows), ...judgeEntries(event, rows)]
    breaches.push(...found.map((breach) => `event ${event.seq} ${event.type}: ${breach}`))
    for (const table of tableNames) apply(rows, table, event)
  }
  return {
    breaches,
    rowsOf: (table) => toSorted(rows, table),
    entriesOf: (sessionId) =>
      [...rows.entries.values()].filter((row) => row.sessionId === sessionId).toSorted((a, b) => a.n - b.n),
  }
}

function createRows(): Rows {
  return {
    projects: new Map(),
    documents: new Map(),
    specs: new Map(),
    plans: new Map(),
    tasks: new Map(),
    waivers: new Map(),
    heldOutChecks: new Map(),
    productProofs: new Map(),
    agents: new Map(),
    instances: new Map(),
    loops: new Map(),
    sessions: new Map(),
    entries: new Map(),
    comments: new Map(),
    asks: new Map(),
    snapshots: new Map(),
    users: new Map(),
    logins: new Map(),
    revokedLogins: new Map(),
    settings: new Map(),
    secrets: new Map(),
  }
}

function apply<T extends Table>(rows: Rows, table: T, event: AuraEvent): void {
  for (const row of event.rows[table] ?? []) rows[table].set(row.id, row)
  for (const id of event.removed?.[table] ?? []) rows[table].delete(id)
}

function toSorted<T extends Table>(rows: Rows, table: T): Row<T>[] {
  return [...rows[table].values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Only the legal moves; a task starts when all before it are done; an interrupted one keeps its attempt. */
function judgeTasks(event: AuraEvent, known: ReadonlyMap<string, Row<"tasks">>): string[] {
  return (event.rows.tasks ?? []).flatMap((task) => {
    const before = known.get(task.id)
    if (!before)
      return task.status === "ready" || task.status === "pending" ? [] : ["a task was born elsewhere"]
    if (before.status === task.status) return []
    const starts = task.status === "in_progress"
    const attempts = before.attempts + (before.interrupted ? 0 : 1)
    const waits = task.dependsOn.some((id) => known.get(id)?.status !== "done")
    return [
      ...(canTransition(before.status, task.status) ? [] : [`${before.status} became ${task.status}`]),
      ...(starts && waits ? [`"${task.title}" was started before what it depends on was done`] : []),
      ...(starts && task.attempts !== attempts ? [`"${task.title}" began attempt ${task.attempts}`] : []),
    ]
  })
}

/** Never two loops of one instance, and none that gives up while there is work. */
function judgeLoops(event: AuraEvent, { loops: known, tasks }: Rows): string[] {
  const told = event.rows.loops ?? []
  const after = new Map([...known, ...told.map((loop) => [loop.id, loop] as const)])
  const busy = [...after.values()].filter((loop) => loop.status !== "finished").map((loop) => loop.instanceId)
  const back = told.filter((loop) => known.get(loop.id)?.status === "finished" && loop.status !== "finished")
  return [
    ...(new Set(busy).size < busy.length ? ["two loops of one agent"] : []),
    ...back.map(() => "a finished loop came back"),
    ...(event.type === "loop.finished" ? told : []).flatMap((loop) => {
      const isOver = (loop.outcome === "failed" || loop.outcome === "done") && loop.onlyTaskId === null
      const ready = [...tasks.values()].find((task) => task.status === "ready")
      return isOver && ready ? [`the loop ended as ${loop.outcome} though "${ready.title}" is ready`] : []
    }),
  ]
}

/** What is over is over. */
function judgeEntries(event: AuraEvent, { sessions }: Rows): string[] {
  const late = (event.rows.entries ?? []).filter(
    (entry) => sessions.get(entry.sessionId)?.status !== "active",
  )
  return late.map((entry) => `a ${entry.kind} was added to a session that is over`)
}

/** Tables whose rows travel in events. */
export const sharedTables = tableNames.filter((table) => tables[table].audience === "shared")
