/** Tasks that a new version of the document concerns: proof of an earlier wording is no proof of this one. */
import type { LedgerEntry, Task } from "@aura/core"
import { type Aura, timestamp } from "../aura.ts"
import { findOutdated } from "../requirements/ledger.ts"

/**
 * Done tasks whose requirements say something else now become ready again, with what changed; tasks not begun whose
 * requirements are all closed are removed.
 * @returns the titles of those that were reopened and removed
 */
export async function settleDocument(
  aura: Aura,
  projectId: string,
  ledger: readonly LedgerEntry[],
): Promise<{ reopened: string[]; removed: string[] }> {
  const told: { reopened: string[]; removed: string[] } = { reopened: [], removed: [] }
  await aura.store.commit("task.ready", async (read) => {
    const tasks = await read.list("tasks", { projectId })
    const outdated = findOutdated(ledger, tasks, await read.list("waivers", { projectId }))
    const lessons = new Map(outdated.map(({ task, lesson }) => [task.id, lesson]))
    const reopened = reopenAll(aura, tasks, lessons)
    const gone = findNeedless(ledger, tasks)
    told.reopened = reopened.map(({ title }) => title)
    told.removed = gone.map(({ title }) => title)
    if (reopened.length === 0 && gone.length === 0) return undefined
    const left = tasks.filter((task) => !gone.includes(task))
    const others = tellDependants(left, reopened, "The requirements changed since it was done.")
    return {
      projectId,
      rows: { tasks: [...reopened, ...others] },
      removed: { tasks: gone.map(({ id }) => id) },
    }
  })
  return told
}

/** Each is ready, or waits for those of them that it builds on. @param lessons why, by task */
export function reopenAll(aura: Aura, tasks: readonly Task[], lessons: ReadonlyMap<string, string>): Task[] {
  return tasks.flatMap((task) => {
    const lesson = lessons.get(task.id)
    if (lesson === undefined) return []
    const isFree = task.dependsOn.every(
      (id) => tasks.find((other) => other.id === id)?.status === "done" && !lessons.has(id),
    )
    return [{ ...reopen(aura, task, lesson), status: isFree ? ("ready" as const) : ("pending" as const) }]
  })
}

/** A done task that is to be done again; what proved it stays as history. */
export function reopen(aura: Aura, task: Task, reason: string | undefined): Task {
  const {
    finishedAt: _finished,
    baseTree: _base,
    interrupted: _interrupted,
    acceptedAt: _accepted,
    evidence,
    commit,
    missingCommit: _missing,
    told: _told,
    ...rest
  } = task
  const before = evidence && {
    evidence,
    ...(commit === undefined ? {} : { commit }),
    reopenedAt: timestamp(aura),
    ...(reason === undefined ? {} : { reason }),
  }
  return {
    ...rest,
    attempts: 0,
    lessons: reason === undefined ? task.lessons : [...task.lessons, reason],
    earlier: [...(task.earlier ?? []), ...(before ? [before] : [])],
  }
}

/** What builds on a reopened task learns of it, and waits for it where it is not done. @param reason a sentence */
export function tellDependants(
  tasks: readonly Task[],
  reopened: readonly Task[],
  reason: string | undefined,
): Task[] {
  const again = new Map(reopened.map((task) => [task.id, task]))
  return tasks.flatMap((task) => {
    const titles = task.dependsOn.flatMap((id) => again.get(id)?.title ?? [])
    if (titles.length === 0 || again.has(task.id)) return []
    const names = titles.map((title) => `"${title}"`).join(", ")
    const lesson = `${names}, which this builds on, ${titles.length === 1 ? "was" : "were"} reopened.${reason ? ` ${reason}` : ""}`
    const lessons = task.lessons.includes(lesson) ? task.lessons : [...task.lessons, lesson]
    return [{ ...task, lessons, status: task.status === "ready" ? ("pending" as const) : task.status }]
  })
}

/** Nothing was done for them yet, and nothing that stays waits for them. */
export function findNeedless(ledger: readonly LedgerEntry[], tasks: readonly Task[]): Task[] {
  const closed = new Set(ledger.flatMap(({ id, closedIn }) => (closedIn === undefined ? [] : [id])))
  const candidates = tasks.filter(
    (task) =>
      (task.status === "ready" || task.status === "pending") &&
      task.startedAt === undefined &&
      task.requirementIds.length > 0 &&
      task.requirementIds.every((id) => closed.has(id)),
  )
  const going = new Set(candidates.map(({ id }) => id))
  const isNeeded = (id: string) => tasks.some((other) => !going.has(other.id) && other.dependsOn.includes(id))
  return candidates.filter(({ id }) => !isNeeded(id))
}
