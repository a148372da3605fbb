/** What a list of tasks says about each, and which of them are shown. Pure. */
import { type Task, type TaskStatus, taskStatuses } from "@aura/core"

export type Tally = { status: TaskStatus; count: number }

/** How many tasks there are in each status that occurs, in the order of a task's life. */
export function toTallies(tasks: readonly Pick<Task, "status">[]): Tally[] {
  return taskStatuses
    .map((status) => ({ status, count: tasks.filter((task) => task.status === status).length }))
    .filter((tally) => tally.count > 0)
}

export function parseStatus(value: unknown): TaskStatus | undefined {
  return taskStatuses.find((status) => status === value)
}

/** How long the last attempt took, or has taken so far. */
export function workedMs(
  task: Pick<Task, "startedAt" | "finishedAt" | "status">,
  now: number,
): number | undefined {
  if (!task.startedAt) return undefined
  if (task.status === "in_progress") return Math.max(0, now - Date.parse(task.startedAt))
  return task.finishedAt ? Math.max(0, Date.parse(task.finishedAt) - Date.parse(task.startedAt)) : undefined
}

/** The tasks a task waits for: those it depends on that are not done. */
export function findHolding<T extends Pick<Task, "id" | "status">>(
  task: Pick<Task, "dependsOn">,
  byId: ReadonlyMap<string, T>,
): T[] {
  return task.dependsOn.flatMap((id) => byId.get(id) ?? []).filter((other) => other.status !== "done")
}

/** Why there is nothing to start, or undefined when there is. */
export function whyNothingToStart(tasks: readonly Pick<Task, "status">[]): string | undefined {
  if (tasks.length === 0) return "There are no tasks yet."
  if (tasks.every((task) => task.status === "done")) return "Every task is done."
  if (tasks.some((task) => task.status === "ready" || task.status === "in_progress")) return undefined
  return "Every task that is left has failed or waits for one that has. Retry one to go on."
}

export function canRetry(task: Pick<Task, "status">): boolean {
  return task.status === "failed" || task.status === "blocked"
}

/** True when people can no longer change it: an agent works on it, or it is proven. */
export function isSettled(task: Pick<Task, "status">): boolean {
  return task.status === "in_progress" || task.status === "done"
}

/** All tasks that wait for a task, directly or through others. */
export function followersOf(id: string, tasks: readonly Pick<Task, "id" | "dependsOn">[]): Set<string> {
  const found = new Set<string>()
  const open = [id]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const task of tasks) {
      if (!task.dependsOn.includes(at) || found.has(task.id)) continue
      found.add(task.id)
      open.push(task.id)
    }
  }
  return found
}

/** Requirements no task names. */
export function findUncovered(
  requirements: readonly { id: string }[],
  tasks: readonly Pick<Task, "requirementIds">[],
): string[] {
  const named = new Set(tasks.flatMap((task) => task.requirementIds))
  return requirements.flatMap(({ id }) => (named.has(id) ? [] : [id]))
}

export const taskViews = ["list", "board", "graph"] as const
export type TaskView = (typeof taskViews)[number]
export type TaskSearch = { status?: TaskStatus; view?: TaskView; requirement?: string }

export function parseTaskSearch(search: Record<string, unknown>): TaskSearch {
  const status = parseStatus(search.status)
  const view = taskViews.find((name) => name === search.view && name !== "list")
  const { requirement } = search
  return {
    ...(status ? { status } : {}),
    ...(view ? { view } : {}),
    ...(typeof requirement === "string" && /^R\d+$/.test(requirement) ? { requirement } : {}),
  }
}
