/** Tasks cut and joined by a person: one commit each, so that no dependency is ever left dangling. */
import { AuraError, noUsage, type Task } from "@aura/core"
import { type Aura, timestamp } from "../aura.ts"
import { reorder } from "./life.ts"

/**
 * Cuts a task into parts that follow each other. The first part stays the task it was; what waited for the task
 * waits for the last part.
 * @throws AuraError `conflict` for a task that has begun
 */
export async function split(
  aura: Aura,
  projectId: string,
  id: string,
  parts: readonly { title: string; description?: string | undefined }[],
): Promise<Task[]> {
  let made: Task[] = []
  await aura.store.commit("task.updated", async (read) => {
    const all = await read.list("tasks", { projectId })
    const task = mustReshape(all, id, "split")
    const ids = parts.map((_, i) => (i === 0 ? task.id : aura.newId("task")))
    const places = parts.map((part, i): Task => {
      const before = ids[i - 1]
      return {
        ...task,
        id: ids[i] ?? task.id,
        title: part.title,
        description: part.description ?? task.description,
        order: task.order + i / parts.length,
        ...(before
          ? { dependsOn: [before], status: "pending" as const, usage: noUsage, createdAt: timestamp(aura) }
          : {}),
        // What the whole must pass is passed by the last part.
        checks: i === parts.length - 1 ? task.checks : [],
      }
    })
    const last = places.at(-1)?.id ?? task.id
    const others = all
      .filter((row) => row.id !== task.id)
      .map((row) => ({ ...row, dependsOn: row.dependsOn.map((other) => (other === task.id ? last : other)) }))
    const ordered = reorder([...others, ...places])
    made = ordered.filter((row) => ids.includes(row.id))
    return { projectId, rows: { tasks: ordered } }
  })
  return made
}

/**
 * Joins another task into this one: words, checks and dependencies of both; what waited for either waits for it.
 * @throws AuraError `conflict` when one of them has begun, `bad_request` when the rest would wait in a circle
 */
export async function merge(aura: Aura, projectId: string, id: string, otherId: string): Promise<Task> {
  let merged: Task | undefined
  await aura.store.commit("task.updated", async (read) => {
    const all = await read.list("tasks", { projectId })
    const task = mustReshape(all, id, "merged")
    const other = mustReshape(all, otherId, "merged")
    if (task.id === other.id) throw new AuraError("bad_request", "A task cannot be merged with itself.")
    const dependsOn = union(task.dependsOn, other.dependsOn).filter((row) => row !== id && row !== otherId)
    const isFree = dependsOn.every((row) => all.find((each) => each.id === row)?.status === "done")
    merged = {
      ...task,
      description: [task.description, `## ${other.title}`, other.description].join("\n\n"),
      dependsOn,
      checks: union(task.checks, other.checks),
      requirementIds: union(task.requirementIds, other.requirementIds),
      status: isFree ? "ready" : "pending",
    }
    const rest = all.filter((row) => row.id !== id && row.id !== otherId)
    const moved = rest.map((row) => ({
      ...row,
      dependsOn: union(row.dependsOn.map((each) => (each === otherId ? id : each))),
    }))
    const ordered = reorder([...moved, merged])
    if (ordered.length <= moved.length)
      throw new AuraError("bad_request", "Tasks between these two would wait for each other in a circle.")
    merged = ordered.find((row) => row.id === id)
    return { projectId, rows: { tasks: ordered }, removed: { tasks: [otherId] } }
  })
  if (!merged) throw new AuraError("internal_error", "The task was not stored.")
  return merged
}

function mustReshape(all: readonly Task[], id: string, what: string): Task {
  const task = all.find((row) => row.id === id)
  if (!task) throw new AuraError("not_found", "There is no such task.")
  if (task.status === "pending" || task.status === "ready") return task
  throw new AuraError("conflict", `"${task.title}" is ${task.status} and cannot be ${what} any more.`)
}

function union(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())]
}
