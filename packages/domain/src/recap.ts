/** What happened in a project since somebody last looked: proven, not proven, spent, changed, and what waits. */
import { AuraError, type Entry, isOpen, type Recap, type Session, type Task } from "@aura/core"
import * as attention from "./attention.ts"
import type { Aura } from "./aura.ts"
import { get as getProject } from "./projects.ts"
import * as ledger from "./requirements/ledger.ts"

/** @param since undefined: since the last run began */
export async function get(aura: Aura, projectId: string, since?: string): Promise<Recap> {
  const project = await getProject(aura, projectId)
  const [board, tasks, sessions, [loop], waiting] = await Promise.all([
    ledger.get(aura, projectId),
    aura.store.list("tasks", { projectId }),
    aura.store.list("sessions", { projectId }),
    aura.store.list("loops", { projectId }, { limit: 1, reverse: true }),
    attention.list(aura),
  ])
  const from = toTime(since ?? loop?.startedAt ?? project.createdAt)
  const isSince = (at: string | null | undefined) => typeof at === "string" && Date.parse(at) >= from
  const done = tasks.filter((task) => task.status === "done" && isSince(task.finishedAt))
  const isNew = new Set(done.map(({ id }) => id))
  const isRunning = loop !== undefined && loop.status !== "finished"
  const worked = sessions.filter(({ finishedAt }) => finishedAt === null || isSince(finishedAt))
  const entries = await readSince(aura, worked, isSince)
  return {
    since: new Date(from).toISOString(),
    tasksDone: done.length,
    proven: board.items.flatMap(({ id, state, taskIds }) =>
      state === "proven" && taskIds.some((task) => isNew.has(task)) ? [id] : [],
    ),
    unproven: board.items
      .filter((row) => isOpen(row) && (row.state === "broken" || !isRunning))
      .map(({ id, text, why }) => ({ id, text, why })),
    decisions: [...new Set(waiting.flatMap((item) => (item.projectId === projectId ? [item.title] : [])))],
    spentUsd: project.rehearsal ? null : sumCost(entries),
    changed: sumChanges(done),
    picture: findPicture(entries),
  }
}

function toTime(text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new AuraError("bad_request", `"${text}" is not a valid time.`)
  return ms
}

/** Oldest first. */
async function readSince(
  aura: Aura,
  sessions: readonly Session[],
  isSince: (at: string) => boolean,
): Promise<Entry[]> {
  const read = await Promise.all(sessions.map(({ id }) => aura.store.list("entries", { sessionId: id })))
  return read
    .flat()
    .filter(({ at }) => isSince(at))
    .toSorted((a, b) => a.at.localeCompare(b.at))
}

function sumCost(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === "reply" ? entry.usage.costUsd : 0), 0)
}

/** A file that several tasks changed counts once, its lines each time. */
function sumChanges(tasks: readonly Task[]): Recap["changed"] {
  const changes = tasks.flatMap(({ filesChanged }) => filesChanged)
  return {
    files: new Set(changes.map(({ path }) => path)).size,
    additions: changes.reduce((sum, { additions }) => sum + additions, 0),
    deletions: changes.reduce((sum, { deletions }) => sum + deletions, 0),
  }
}

/** A picture of a page, not one the agent only opened as a file. */
function findPicture(entries: readonly Entry[]): Recap["picture"] {
  const looks = entries.flatMap((entry) =>
    entry.kind === "tool" && !entry.isError && entry.name === "look_at_page" ? (entry.media ?? []) : [],
  )
  return looks.findLast(({ mediaType }) => mediaType !== "application/pdf") ?? null
}
