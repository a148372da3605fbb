/** What the rows know of how a requirement came to be proven: specs, tasks, sessions, turns, edits, checks, evidence. */
import type { Entry, LedgerRow, Task, TracedTask } from "@aura/core"
import type { Aura } from "./aura.ts"
import * as ledger from "./requirements/ledger.ts"
import * as sessions from "./sessions.ts"

/** The requirement of this id or label. */
export async function findRequirement(
  aura: Aura,
  projectId: string,
  name: string,
): Promise<LedgerRow | undefined> {
  const wanted = name.toLowerCase()
  const { items } = await ledger.get(aura, projectId)
  return items.find(({ id, label }) => id.toLowerCase() === wanted || label?.toLowerCase() === wanted)
}

export async function requirementsOf(
  aura: Aura,
  projectId: string,
  tasks: readonly Task[],
): Promise<LedgerRow[]> {
  const { items } = await ledger.get(aura, projectId)
  return items.filter(({ id }) => tasks.some(({ requirementIds }) => requirementIds.includes(id)))
}

/** Tasks whose commit, or an earlier one, this is. */
export async function findByCommit(aura: Aura, projectId: string, sha: string): Promise<Task[]> {
  const tasks = await aura.store.list("tasks", { projectId })
  return tasks.filter((task) =>
    [task.commit, ...(task.earlier ?? []).map(({ commit }) => commit)].some((one) => one?.startsWith(sha)),
  )
}

export async function ofTask(aura: Aura, task: Task): Promise<Omit<TracedTask, "hunks">> {
  const spec = await aura.store.get("specs", task.specId)
  const entries = await sessions.entriesOfTask(aura, task.id)
  const ids = [...new Set(entries.map(({ sessionId }) => sessionId))]
  const rows = await Promise.all(ids.map((id) => aura.store.get("sessions", id)))
  const numbers = new Map(rows.flatMap((row) => (row ? [[row.id, row.number]] : [])))
  const turns = turnsOf(entries)
  return {
    id: task.id,
    title: task.title,
    status: task.status,
    requirementIds: task.requirementIds,
    spec: spec ? { id: spec.id, title: spec.title } : null,
    sessions: ids.map((id) => ({
      id,
      number: numbers.get(id) ?? 0,
      turns: [
        ...new Set(
          entries.filter(({ sessionId }) => sessionId === id).flatMap((entry) => turns.get(entry.id) ?? []),
        ),
      ],
    })),
    edits: entries.flatMap((entry) =>
      entry.kind !== "tool"
        ? []
        : (entry.changes ?? []).map(({ path, additions, deletions }) => ({
            sessionId: entry.sessionId,
            session: numbers.get(entry.sessionId) ?? 0,
            turn: turns.get(entry.id) ?? 0,
            entryId: entry.id,
            tool: entry.name,
            path,
            additions,
            deletions,
          })),
    ),
    commit: task.commit ?? null,
    checks: entries.flatMap((entry) => (entry.kind === "check" ? [toCheck(entry)] : [])),
    evidence: task.evidence
      ? {
          at: task.evidence.at,
          treeHash: task.evidence.treeHash,
          requirements:
            task.evidence.requirements ?? Object.fromEntries(task.requirementIds.map((id) => [id, 1])),
        }
      : null,
    earlier: (task.earlier ?? []).map(({ commit, reopenedAt, reason }) => ({
      commit: commit ?? null,
      reopenedAt,
      reason: reason ?? null,
    })),
  }
}

/** The turn that each entry belongs to: that of the reply before it. */
function turnsOf(entries: readonly Entry[]): Map<string, number> {
  const turns = new Map<string, number>()
  const last = new Map<string, number>()
  for (const entry of entries) {
    if (entry.kind === "reply") last.set(entry.sessionId, entry.turn)
    const turn = last.get(entry.sessionId)
    if (turn !== undefined) turns.set(entry.id, turn)
  }
  return turns
}

function toCheck(entry: Extract<Entry, { kind: "check" }>): TracedTask["checks"][number] {
  const { command, source, passed, exitCode, durationMs, outputDigest, treeHash } = entry.check
  const where = { round: entry.round, sessionId: entry.sessionId, entryId: entry.id }
  return { command, source, passed, exitCode, durationMs, outputDigest, treeHash, ...where }
}
