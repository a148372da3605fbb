/** Brings what happened into the query cache: the only thing that changes server state after its first fetch. */
import type { AuraEvent, LiveEvent, Row, Table } from "@aura/core"
import { isStored, isTable } from "@aura/core"
import type { QueryClient, QueryKey } from "@tanstack/react-query"
import {
  applyChange,
  gatherChange,
  mayTouchFiles,
  sortRows,
  touchedDiffs,
  touchedTables,
  type Where,
} from "./apply.logic.ts"
import { clearDrafts, foldIntoDrafts } from "./drafts.ts"
import { type LiveTarget, subscribed } from "./live.ts"

const journals = new Set<AuraEvent[]>()

export function rowsKey(table: Table, where: Where = {}) {
  return ["rows", table, where] as const
}

export function progressKey(projectId: string) {
  return ["progress", projectId] as const
}

export function diffKey(taskId: string) {
  return ["diff", taskId] as const
}

export function workspaceKey(projectId: string) {
  return ["workspace", projectId] as const
}

export const attentionKey = ["attention"] as const

/** Nouns whose events may change what needs a person. */
const pressing = /^(task|tasks|loop|plan|project|budget|ask|requirement|requirements)\./

export const loginsKey = ["logins"] as const

export const settingsKey = ["settings"] as const

export const terminalsKey = ["terminals"] as const

export function commandsKey(projectId?: string) {
  return projectId === undefined ? (["commands"] as const) : (["commands", projectId] as const)
}

/**
 * Fetches a list of rows without losing what happens meanwhile: events that arrive during the fetch are applied
 * to its answer before anyone sees it.
 */
export async function fetchRows<T extends Table>(
  table: T,
  where: Where,
  load: () => Promise<Row<T>[]>,
): Promise<readonly Row<T>[]> {
  await subscribed()
  const journal: AuraEvent[] = []
  journals.add(journal)
  try {
    const rows = await load()
    return applyChange(table, where, sortRows(table, rows), gatherChange(table, journal))
  } finally {
    journals.delete(journal)
  }
}

export function createApply(queries: QueryClient): LiveTarget {
  const refreshProgress = createThrottle(1_000, (projectId) => {
    void queries.invalidateQueries({ queryKey: progressKey(projectId) })
  })

  const refreshDiff = createThrottle(700, (taskId) => {
    void queries.invalidateQueries({ queryKey: diffKey(taskId) })
  })

  const refreshWorkspace = createThrottle(700, (projectId) => {
    void queries.invalidateQueries({ queryKey: workspaceKey(projectId) })
  })

  const refreshAttention = createThrottle(1_000, () => {
    void queries.invalidateQueries({ queryKey: attentionKey })
  })

  function applyEvents(events: AuraEvent[]): void {
    const tables = touchedTables(events)
    for (const query of queries.getQueryCache().findAll({ queryKey: ["rows"] })) {
      const place = readKey(query.queryKey)
      const rows: unknown = query.state.data
      if (!place || !tables.has(place.table) || !isRows(rows)) continue
      const after = applyChange(place.table, place.where, rows, gatherChange(place.table, events))
      if (after !== rows) queries.setQueryData(query.queryKey, after)
    }
    for (const event of events) {
      if (event.type === "login.saved" || event.type === "login.ended")
        void queries.invalidateQueries({ queryKey: loginsKey })
      if (event.type === "settings.saved") void queries.invalidateQueries({ queryKey: settingsKey })
      if (pressing.test(event.type)) refreshAttention("all")
      if (event.projectId) refreshProgress(event.projectId)
      for (const taskId of touchedDiffs(event)) refreshDiff(taskId)
      if (event.projectId && mayTouchFiles(event)) refreshWorkspace(event.projectId)
    }
  }

  return {
    deliver(events) {
      const facts = events.filter((event) => isStored(event))
      for (const journal of journals) journal.push(...facts)
      if (facts.length > 0) applyEvents(facts)
      for (const event of events)
        if (event.type === "commands.changed")
          void queries.invalidateQueries({ queryKey: commandsKey(event.projectId) })
      // What happened in between cannot be asked for any more: everything is fetched again.
      if (events.some((event) => event.type === "events.compacted")) void queries.invalidateQueries()
      foldIntoDrafts(events satisfies (AuraEvent | LiveEvent)[])
    },
    resume(missed) {
      clearDrafts()
      if (missed) return void queries.invalidateQueries()
      // No event is stored of these.
      for (const queryKey of [commandsKey(), terminalsKey]) void queries.invalidateQueries({ queryKey })
    },
  }
}

/** Adds a row that this client has just created to lists without it; rows from events take precedence. */
export function addMissing<T extends Table>(queries: QueryClient, table: T, row: Row<T>): void {
  for (const query of queries.getQueryCache().findAll({ queryKey: ["rows", table] })) {
    const place = readKey(query.queryKey)
    const rows: unknown = query.state.data
    if (!place || !isRows(rows) || rows.some((known) => known.id === row.id)) continue
    const change = { upserts: new Map([[row.id, row]]), removed: new Set<string>() }
    queries.setQueryData(query.queryKey, applyChange<Row<Table>>(table, place.where, rows, change))
  }
}

function readKey(key: QueryKey): { table: Table; where: Where } | undefined {
  const [, table, where] = key
  if (typeof table !== "string" || !isTable(table) || !isWhere(where)) return undefined
  return { table, where }
}

function isWhere(value: unknown): value is Where {
  return typeof value === "object" && value !== null
}

function isRows(value: unknown): value is Row<Table>[] {
  return Array.isArray(value)
}

/** Runs at once and then at most once per `everyMs` and key, the last call never lost. */
function createThrottle(everyMs: number, run: (key: string) => void): (key: string) => void {
  const waiting = new Map<string, boolean>()
  function open(key: string): void {
    const again = waiting.get(key)
    waiting.delete(key)
    if (again) start(key)
  }
  function start(key: string): void {
    waiting.set(key, false)
    setTimeout(() => open(key), everyMs)
    run(key)
  }
  return (key) => {
    if (waiting.has(key)) waiting.set(key, true)
    else start(key)
  }
}
