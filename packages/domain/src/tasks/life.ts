/** The life of a task: done, tried again, followed up. Its time in the hands of a loop is in `claim.ts`. */
import { AuraError, canTransition, type Task, type TaskStatus } from "@aura/core"
import type { Read } from "@aura/store"
import { type Aura, timestamp } from "../aura.ts"
import { type Caller, refuseAgents } from "../caller.ts"
import { type Claimed, mustHold } from "./claim.ts"
import { sort } from "./graph.ts"
import { reopen, tellDependants } from "./outdated.ts"

const deepest = 3
const maxFollowUps = 200

export type FollowUp = { title: string; description: string }

/**
 * Done, with its proof; dependants become ready and follow-ups become tasks in the same commit.
 * @throws AuraError `conflict` without evidence, or when the task is not the loop's any more
 */
export async function finishDone(
  aura: Aura,
  claimed: Claimed,
  result: { notes: string; followUps: readonly FollowUp[] },
): Promise<void> {
  const freed: Task[] = []
  await aura.store.commit("task.finished", async (read) => {
    const row = await mustHold(read, claimed)
    if (!row.evidence) throw new AuraError("conflict", `"${row.title}" has no evidence and cannot be done.`)
    const { failure: _, baseTree: __, ...rest } = row
    const done: Task = { ...rest, status: "done", notes: result.notes, finishedAt: timestamp(aura) }
    const tasks = await read.list("tasks", { projectId: row.projectId })
    const after = tasks.map((other) => (other.id === done.id ? done : other))
    freed.push(...freeDependants(after, done.id))
    const added = result.followUps.map((followUp, i) =>
      toFollowUp(aura, done, followUp, tasks.length + i + 1),
    )
    return { projectId: row.projectId, rows: { tasks: [done, ...freed, ...added] } }
  })
  if (freed.length > 0)
    await aura.store.commit("task.ready", { projectId: claimed.task.projectId, rows: { tasks: freed } })
}

/** Failed or blocked → ready again, with what the person wants the agent to know. */
export async function retry(aura: Aura, projectId: string, id: string, note?: string): Promise<Task> {
  return await transition(aura, projectId, id, "ready", note)
}

/**
 * Moves a task by hand.
 * @throws AuraError `bad_request` naming both states when the move is not legal or needs what is not there
 */
export async function transition(
  aura: Aura,
  projectId: string,
  id: string,
  to: TaskStatus,
  note?: string,
): Promise<Task> {
  const type = to === "ready" ? "task.ready" : "task.updated"
  let moved: Task | undefined
  await aura.store.commit(type, async (read) => {
    const row = await mustGet(read, id, to)
    if (row.projectId !== projectId) throw new AuraError("not_found", "There is no such task.")
    const tasks = await read.list("tasks", { projectId })
    refuseByHand(row, to, tasks)
    const { finishedAt: _, baseTree: __, interrupted: ___, acceptedAt: ____, ...rest } = row
    const lessons = note ? [...row.lessons, note] : row.lessons
    const isReopened = row.status === "done" || row.missingCommit !== undefined
    moved = isReopened
      ? { ...reopen(aura, row, note), status: to }
      : { ...rest, status: to, lessons, attempts: 0 }
    const others = isReopened ? tellDependants(tasks, [moved], note) : []
    return { projectId, rows: { tasks: [moved, ...others] } }
  })
  if (!moved) throw new AuraError("not_found", "There is no such task.")
  return moved
}

/** @throws AuraError `forbidden` for an agent, `conflict` for a task that is not done */
export async function accept(aura: Aura, caller: Caller, projectId: string, id: string): Promise<Task> {
  refuseAgents(caller, "accept a task")
  let accepted: Task | undefined
  await aura.store.commit("task.updated", async (read) => {
    const row = await read.get("tasks", id)
    if (row?.projectId !== projectId) throw new AuraError("not_found", "There is no such task.")
    if (row.status !== "done")
      throw new AuraError("conflict", `"${row.title}" is ${row.status}; only what is done can be accepted.`)
    accepted = { ...row, acceptedAt: timestamp(aura) }
    return { projectId, rows: { tasks: [accepted] } }
  })
  if (!accepted) throw new AuraError("not_found", "There is no such task.")
  return accepted
}

function refuseByHand(task: Task, to: TaskStatus, tasks: readonly Task[]): void {
  const open = tasks.filter((other) => task.dependsOn.includes(other.id) && other.status !== "done")
  if (to === "ready" && open.length > 0) {
    throw new AuraError(
      "bad_request",
      `"${task.title}" cannot go from ${task.status} to ready: it waits for ${open.map((other) => `"${other.title}"`).join(", ")}.`,
    )
  }
  if (task.status === "in_progress") {
    throw new AuraError(
      "bad_request",
      `"${task.title}" cannot go from in_progress to ${to} by hand: an agent is working on it. Stop the loop first.`,
    )
  }
  if (to !== "ready") {
    throw new AuraError(
      "bad_request",
      `"${task.title}" cannot go from ${task.status} to ${to} by hand: only the loop does that, with its evidence.`,
    )
  }
}

/** @throws AuraError `bad_request` when the loop could not claim it */
export function refuseUnlessReady(task: Task): void {
  if (task.status === "ready") return
  throw new AuraError("bad_request", `"${task.title}" is ${task.status}; only a ready task can be run.`)
}

/** Tasks that wait for nothing any more. */
export function freeDependants(tasks: readonly Task[], doneId: string): Task[] {
  const done = new Set(tasks.filter((task) => task.status === "done").map((task) => task.id))
  return tasks
    .filter((task) => task.status === "pending" && task.dependsOn.includes(doneId))
    .filter((task) => task.dependsOn.every((id) => done.has(id)))
    .map((task) => ({ ...task, status: "ready" }))
}

/** How many follow-ups a task may still have: work that breeds work comes to an end. */
export async function followUpRoom(aura: Aura, task: Task): Promise<number> {
  const all = await aura.store.list("tasks", { projectId: task.projectId })
  const byId = new Map(all.map((row) => [row.id, row]))
  let depth = 0
  for (let at: Task | undefined = task; at?.parentTaskId !== undefined; at = byId.get(at.parentTaskId))
    depth += 1
  const taken = all.filter((row) => row.parentTaskId !== undefined).length
  return depth >= deepest ? 0 : Math.max(0, maxFollowUps - taken)
}

/** Gives all tasks of a project an order that respects their dependencies. */
export function reorder(tasks: readonly Task[]): Task[] {
  return sort(tasks.toSorted((a, b) => a.order - b.order)).tasks
}

function toFollowUp(aura: Aura, parent: Task, followUp: FollowUp, order: number): Task {
  return {
    id: aura.newId("task"),
    projectId: parent.projectId,
    specId: parent.specId,
    title: followUp.title,
    description: followUp.description,
    status: "ready",
    order,
    dependsOn: [parent.id],
    parentTaskId: parent.id,
    requirementIds: parent.requirementIds,
    checks: [],
    attempts: 0,
    lessons: [],
    filesChanged: [],
    usage: { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0, costUsd: 0 },
    createdAt: timestamp(aura),
  }
}

async function mustGet(read: Read, id: string, to: TaskStatus): Promise<Task> {
  const row = await read.get("tasks", id)
  if (!row) throw new AuraError("not_found", "There is no such task.")
  if (!canTransition(row.status, to)) refuseMove(row, to)
  return row
}

function refuseMove(task: Task, to: TaskStatus): never {
  throw new AuraError("bad_request", `"${task.title}" cannot go from ${task.status} to ${to}.`, {
    from: task.status,
    to,
  })
}
