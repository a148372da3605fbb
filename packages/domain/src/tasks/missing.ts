/** Done tasks whose commit is no longer on the branch: a person brings it back, does the task again, or waives it. */
import { AuraError, type Task } from "@aura/core"
import { type Aura, timestamp } from "../aura.ts"
import { type Caller, refuseAgents } from "../caller.ts"
import { freeDependants } from "./life.ts"

/** What git says of the commits of done tasks. */
export type Standing = { branch: string; asked: ReadonlySet<string>; missing: ReadonlySet<string> }

/** Tasks whose commit has to be on the branch. */
export function withCommit(tasks: readonly Task[]): Task[] {
  return tasks.filter(
    (task) =>
      task.commit !== undefined &&
      (task.status === "done" || isMissing(task)) &&
      task.missingCommit?.waivedAt === undefined,
  )
}

export function isMissing(task: Task): boolean {
  return task.status === "blocked" && task.missingCommit !== undefined
}

/**
 * Brings the rows in line with the branch: a task whose commit has gone is blocked and says why, one whose commit is there
 * again is done again. Its evidence stays.
 * @returns the tasks whose commit is missing
 */
export async function settle(aura: Aura, projectId: string, standing: Standing): Promise<Task[]> {
  let missing: Task[] = []
  await aura.store.commit("task.updated", async (read) => {
    const all = await read.list("tasks", { projectId })
    const changed = withCommit(all).flatMap((task) => {
      if (!standing.asked.has(task.commit ?? "")) return []
      const isGone = standing.missing.has(task.commit ?? "")
      if (isGone === isMissing(task)) return []
      return [isGone ? toMissing(aura, task, standing.branch) : toDone(task)]
    })
    const after = all.map((task) => changed.find((other) => other.id === task.id) ?? task)
    missing = after.filter(isMissing)
    if (changed.length === 0) return undefined
    return { projectId, rows: { tasks: [...changed, ...follow(after, changed)] } }
  })
  return missing
}

/** A person goes on without the commit. @throws AuraError `forbidden` for an agent, `conflict` when the commit is not missing */
export async function waive(aura: Aura, caller: Caller, projectId: string, id: string): Promise<Task> {
  refuseAgents(caller, "go on without a task's commit")
  let waived: Task | undefined
  await aura.store.commit("task.updated", async (read) => {
    const all = await read.list("tasks", { projectId })
    const task = mustMiss(all.find((row) => row.id === id))
    const done = toDone(task)
    waived = { ...done, missingCommit: { ...task.missingCommit, waivedAt: timestamp(aura) } }
    const changed = waived
    const after = all.map((row) => (row.id === id ? changed : row))
    return { projectId, rows: { tasks: [changed, ...follow(after, [changed])] } }
  })
  if (!waived) throw new AuraError("not_found", "There is no such task.")
  return waived
}

/** @throws AuraError `not_found`, or `conflict` when its commit is not missing */
export function mustMiss(task: Task | undefined): Task & { missingCommit: { at: string; branch: string } } {
  if (!task) throw new AuraError("not_found", "There is no such task.")
  const { missingCommit } = task
  if (!isMissing(task) || !missingCommit)
    throw new AuraError("conflict", `The commit of "${task.title}" is not missing.`)
  return { ...task, missingCommit }
}

function toMissing(aura: Aura, task: Task, branch: string): Task {
  const commit = task.commit?.slice(0, 10)
  return {
    ...task,
    status: "blocked",
    failure: `Its commit ${commit} is no longer on ${branch}: a reset, a rebase, another branch or a pull took it away. Bring it back, do the task again, or waive it.`,
    missingCommit: { at: timestamp(aura), branch },
  }
}

function toDone(task: Task): Task {
  const { failure: _, missingCommit: __, ...rest } = task
  return { ...rest, status: "done" }
}

/** Tasks that wait again for what is missing, and those that wait no more. */
function follow(tasks: readonly Task[], changed: readonly Task[]): Task[] {
  const missing = new Set(changed.filter(isMissing).map((task) => task.id))
  const waiting = tasks
    .filter((task) => task.status === "ready" && task.dependsOn.some((id) => missing.has(id)))
    .map((task): Task => ({ ...task, status: "pending" }))
  const freed = changed
    .filter((task) => task.status === "done")
    .flatMap((task) => freeDependants(tasks, task.id))
  return [...new Map([...waiting, ...freed].map((task) => [task.id, task])).values()]
}
