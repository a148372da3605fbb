/** A claimed task, and what the loop that has it does to it. Every step is one commit, behind one fence. */
import { AuraError, type Evidence, type FileChange, type Loop, type Task } from "@aura/core"
import type { Change, Read } from "@aura/store"
import { type Aura, timestamp } from "../aura.ts"
import { versionsFor } from "../requirements/ledger.ts"
import { entriesOfTask } from "../sessions.ts"

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

/** A task and the loop that claimed it: only while that loop runs and has the task may it write to it. */
export type Claimed = { task: Task; loopId: string }

/** Remembers the tree an attempt began on, so that its changes can be told from everything else. */
export async function setBase(aura: Aura, claimed: Claimed, baseTree: string): Promise<Task> {
  return await change(aura, "task.updated", claimed, async (row, read) => ({
    ...row,
    baseTree,
    told: await versionsFor(read, row),
  }))
}

/** Keeps the proof before the commit is made: after a crash in between, the commit is found and not made twice. */
export async function prove(
  aura: Aura,
  claimed: Claimed,
  evidence: Evidence,
  filesChanged: FileChange[],
): Promise<Task> {
  return await change(aura, "task.updated", claimed, (row) => ({
    ...row,
    // What shows nothing new proves no requirement.
    evidence: { ...evidence, requirements: evidence.keepsBehaviour === undefined ? (row.told ?? {}) : {} },
    filesChanged,
  }))
}

export async function recordCommit(aura: Aura, claimed: Claimed, sha: string): Promise<Task> {
  return await change(aura, "commit.made", claimed, (row) => ({ ...row, commit: sha }))
}

/** Failed for good, or blocked: only what depends on it has to wait. */
export async function finishFailed(
  aura: Aura,
  claimed: Claimed,
  status: "failed" | "blocked",
  reason: string,
): Promise<void> {
  await change(aura, "task.finished", claimed, (row) => {
    const { baseTree: _, evidence: __, deaths: ___, ...rest } = row
    return { ...rest, status, failure: reason, finishedAt: timestamp(aura) }
  })
}

/** The attempt is over, without success: back to ready, and the next one learns from it. */
export async function endAttempt(aura: Aura, claimed: Claimed, lesson: string): Promise<void> {
  await change(aura, "task.released", claimed, (row) => ({
    ...row,
    status: "ready",
    failure: lesson,
    lessons: [...row.lessons, lesson],
  }))
}

/** Back to ready, interrupted: its attempt goes on where it was. Does nothing when the loop has it no more. */
export async function release(aura: Aura, { task, loopId }: Claimed): Promise<void> {
  await aura.store.commit("task.released", async (read) => {
    const row = await read.get("tasks", task.id)
    const loop = await read.get("loops", loopId)
    return row && holds(loop, row) ? interrupted(row) : undefined
  })
}

/** At boot: whoever worked on these is gone. How often is counted while nothing new comes of it. */
export async function recover(aura: Aura): Promise<void> {
  for (const { id, status } of await aura.store.list("tasks")) {
    if (status !== "in_progress") continue
    const entries = (await entriesOfTask(aura, id)).length
    await aura.store.commit("task.released", async (read) => {
      const row = await read.get("tasks", id)
      if (row?.status !== "in_progress") return undefined
      const loops = await read.list("loops", { projectId: row.projectId })
      // Whoever waits for the provider gets nothing done, and that is not the task's fault.
      const isWaiting = loops.some((loop) => holds(loop, row) && loop.waiting !== null)
      const before = row.deaths?.entries === entries ? row.deaths.count : 0
      const deaths = { count: isWaiting ? Math.max(1, before) : before + 1, entries }
      return interrupted({ ...row, deaths })
    })
  }
}

function interrupted(row: Task): Change {
  return { projectId: row.projectId, rows: { tasks: [{ ...row, status: "ready", interrupted: true }] } }
}

async function change(
  aura: Aura,
  type: "task.updated" | "task.finished" | "task.released" | "commit.made",
  claimed: Claimed,
  make: (row: Task, read: Read) => Task | Promise<Task>,
): Promise<Task> {
  let changed = claimed.task
  await aura.store.commit(type, async (read): Promise<Change> => {
    const row = await mustHold(read, claimed)
    changed = await make(row, read)
    return { projectId: row.projectId, rows: { tasks: [changed] } }
  })
  return changed
}

/** The fence: a loop that was ended or replaced, but goes on, changes nothing any more. */
export async function mustHold(read: Read, { task, loopId }: Claimed): Promise<Task> {
  const row = await read.get("tasks", task.id)
  if (!row) throw new AuraError("not_found", "There is no such task.")
  if (holds(await read.get("loops", loopId), row)) return row
  throw new AuraError(
    "conflict",
    `"${row.title}" is not worked on by this loop any more, so nothing of it was changed.`,
  )
}

function holds(loop: Loop | undefined, task: Task): boolean {
  return task.status === "in_progress" && loop?.taskId === task.id && loop.status !== "finished"
}
