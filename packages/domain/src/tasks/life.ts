/** The life of a task: claimed, done, failed, released, tried again. Every step is one commit. */
import {
  AuraError,
  canTransition,
  type Evidence,
  type FileChange,
  type Task,
  type TaskStatus,
} from "@aura/core"
import type { Change, Read } from "@aura/store"
import { type Aura, timestamp } from "../aura.ts"
import { sort } from "./graph.ts"

/**
 * Takes the first ready task in order for an instance, in the store's write queue: two agents cannot take
 * the same one. A task that was interrupted keeps its attempt; any other begins a new one.
 */
export async function claimNext(
  aura: Aura,
  claim: { projectId: string; instanceId: string; loopId: string; onlyTaskId: string | null },
): Promise<Task | undefined> {
  let claimed: Task | undefined
  await aura.store.commit("task.started", async (read) => {
    const tasks = await read.list("tasks", { projectId: claim.projectId })
    const ready = tasks.filter((task) => task.status === "ready").toSorted((a, b) => a.order - b.order)
    const task = claim.onlyTaskId ? ready.find((row) => row.id === claim.onlyTaskId) : ready[0]
    const loop = await read.get("loops", claim.loopId)
    if (!task || loop?.status !== "running") return undefined
    const { finishedAt: _, interrupted, ...rest } = task
    claimed = {
      ...rest,
      status: "in_progress",
      attempts: interrupted ? task.attempts : task.attempts + 1,
      instanceId: claim.instanceId,
      startedAt: task.startedAt ?? timestamp(aura),
    }
    return {
      projectId: claim.projectId,
      rows: { tasks: [claimed], loops: [{ ...loop, taskId: task.id, phase: "working" }] },
    }
  })
  return claimed
}

/** Remembers the tree an attempt began on, so that its changes can be told from everything else. */
export async function setBase(aura: Aura, task: Task, baseTree: string): Promise<Task> {
  return await change(aura, "task.updated", task, (row) => ({ ...row, baseTree }))
}

/** Keeps the proof before the commit is made: after a crash in between, the commit is found and not made twice. */
export async function prove(
  aura: Aura,
  task: Task,
  evidence: Evidence,
  filesChanged: FileChange[],
): Promise<Task> {
  return await change(aura, "task.updated", task, (row) => ({ ...row, evidence, filesChanged }))
}

export async function recordCommit(aura: Aura, task: Task, sha: string): Promise<Task> {
  return await change(aura, "commit.made", task, (row) => ({ ...row, commit: sha }))
}

const deepest = 3
const mostFollowUps = 200

export type FollowUp = { title: string; description: string }

/**
 * Done, with its proof; dependants become ready and follow-ups become tasks in the same commit.
 * @throws AuraError `conflict` without evidence
 */
export async function finishDone(
  aura: Aura,
  task: Task,
  result: { notes: string; followUps: readonly FollowUp[] },
): Promise<void> {
  const freed: Task[] = []
  await aura.store.commit("task.finished", async (read) => {
    const row = await mustGet(read, task.id, "done")
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
    await aura.store.commit("task.ready", { projectId: task.projectId, rows: { tasks: freed } })
}

/** Failed for good, or blocked: only what depends on it has to wait. */
export async function finishFailed(
  aura: Aura,
  task: Task,
  status: "failed" | "blocked",
  reason: string,
): Promise<void> {
  await change(aura, "task.finished", task, (row) => {
    const { baseTree: _, evidence: __, ...rest } = row
    return { ...rest, status, failure: reason, finishedAt: timestamp(aura) }
  })
}

/**
 * Back to ready. With a `lesson` the attempt is over and the next one learns from it; without, the task was
 * interrupted and its attempt goes on where it was.
 */
export async function release(aura: Aura, task: Task, lesson?: string): Promise<void> {
  await aura.store.commit("task.released", async (read) => {
    const row = await read.get("tasks", task.id)
    if (row?.status !== "in_progress") return undefined
    const released: Task = lesson
      ? { ...row, status: "ready", failure: lesson, lessons: [...row.lessons, lesson] }
      : { ...row, status: "ready", interrupted: true }
    return { projectId: row.projectId, rows: { tasks: [released] } }
  })
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
    const { finishedAt: _, baseTree: __, interrupted: ___, ...rest } = row
    const lessons = note ? [...row.lessons, note] : row.lessons
    if (row.status !== "done") moved = { ...rest, status: to, lessons, attempts: 0 }
    else {
      const { evidence: _evidence, commit: _commit, ...reopened } = rest
      moved = { ...reopened, status: to, lessons, attempts: 0 }
    }
    return { projectId, rows: { tasks: [moved] } }
  })
  if (!moved) throw new AuraError("not_found", "There is no such task.")
  return moved
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

/** At boot: whoever worked on these is gone. */
export async function recover(aura: Aura): Promise<void> {
  for (const task of await aura.store.list("tasks")) {
    if (task.status === "in_progress") await release(aura, task)
  }
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
  return depth >= deepest ? 0 : Math.max(0, mostFollowUps - taken)
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

async function change(
  aura: Aura,
  type: "task.updated" | "task.finished" | "commit.made",
  task: Task,
  make: (row: Task) => Task,
): Promise<Task> {
  let changed = task
  await aura.store.commit(type, async (read): Promise<Change> => {
    const row = await read.get("tasks", task.id)
    if (!row) throw new AuraError("not_found", "There is no such task.")
    changed = make(row)
    if (changed.status !== row.status && !canTransition(row.status, changed.status))
      refuseMove(row, changed.status)
    return { projectId: row.projectId, rows: { tasks: [changed] } }
  })
  return changed
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
