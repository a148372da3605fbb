/** Loops: one run of claim → work → finish by one instance, and the one place that knows its state. */
import { AuraError, type Instance, type Loop, type LoopState } from "@aura/core"
import { isWithin } from "@aura/workspace/folder"
import { type Aura, timestamp } from "./aura.ts"

export type NewLoop = {
  instanceId?: string | undefined
  onlyTaskId?: string | undefined
  /** The real path of its folder, or of the repository around that; without it, the instance's path counts. */
  worksIn?: string | undefined
  /** A loop of the same instance that a crash ended: it is finished in the same commit. */
  replaces?: string | undefined
}

/**
 * @throws AuraError `conflict` when the instance, its folder or the plan is busy; `bad_request` when there is
 * nothing to work on or nowhere to work
 */
export async function start(aura: Aura, projectId: string, options: NewLoop = {}): Promise<Loop> {
  let loop: Loop | undefined
  await aura.store.commit("loop.started", async (read) => {
    const project = await read.get("projects", projectId)
    if (!project) throw new AuraError("not_found", "There is no such project.")
    if (project.status === "archived")
      throw new AuraError("conflict", "The project is archived. Bring it back first.")
    const instances = await read.list("instances", { projectId })
    const instance = options.instanceId
      ? instances.find((row) => row.id === options.instanceId)
      : instances[0]
    if (options.instanceId && !instance)
      throw new AuraError("not_found", "There is no such agent in this project.")
    if (!instance)
      throw new AuraError("bad_request", "The project has no workspace folder yet. Choose one first.")
    if ((await read.list("tasks", { projectId })).length === 0) {
      throw new AuraError(
        "bad_request",
        "There are no tasks yet. Generate the specs and extract the tasks first.",
      )
    }
    if ((await read.list("plans", { projectId })).some((plan) => plan.status === "running")) {
      throw new AuraError("conflict", "The project is being planned. Wait until the plan is there.")
    }
    const worksIn = options.worksIn ?? pathOf(instance)
    await refuseSecond(read, { instance, worksIn, replaced: options.replaces })
    const replaced = options.replaces ? await read.get("loops", options.replaces) : undefined
    loop = {
      id: aura.newId("loop"),
      projectId,
      instanceId: instance.id,
      status: "running",
      phase: "claiming",
      taskId: null,
      sessionId: null,
      onlyTaskId: options.onlyTaskId ?? null,
      waiting: null,
      outcome: null,
      reason: null,
      ...(worksIn === undefined ? {} : { worksIn }),
      startedAt: timestamp(aura),
      finishedAt: null,
    }
    const working: Instance = { ...instance, status: "working", updatedAt: timestamp(aura) }
    const ended = replaced ? [finished(aura, replaced, "stopped", interrupted)] : []
    return { projectId, rows: { loops: [...ended, loop], instances: [working] } }
  })
  if (!loop) throw new AuraError("internal_error", "The loop was not stored.")
  return loop
}

export async function getState(aura: Aura, projectId: string): Promise<LoopState> {
  const loops = await aura.store.list("loops", { projectId })
  const newest = [...new Map(loops.map((loop) => [loop.instanceId, loop])).values()]
  const loop = newest.findLast((row) => row.status !== "finished") ?? loops.at(-1) ?? null
  return { status: loop?.status ?? "idle", loop, loops: newest }
}

/** All loops that have not ended. */
export async function listRunning(aura: Aura): Promise<Loop[]> {
  return (await aura.store.list("loops")).filter((loop) => loop.status !== "finished")
}

/** The unfinished loops of a project, or of one of its instances. @throws AuraError `conflict` when none runs */
export async function listUnfinished(aura: Aura, projectId: string, instanceId?: string): Promise<Loop[]> {
  const newest = await listNewest(aura, projectId, instanceId)
  const unfinished = newest.filter((loop) => loop.status !== "finished")
  if (unfinished.length === 0) throw new AuraError("conflict", "The loop is not running.")
  return unfinished
}

/** The same, but when none runs the one that ended last. @throws AuraError `conflict` when none ever ran */
export async function listUnfinishedOrLast(
  aura: Aura,
  projectId: string,
  instanceId?: string,
): Promise<Loop[]> {
  const newest = await listNewest(aura, projectId, instanceId)
  const unfinished = newest.filter((loop) => loop.status !== "finished")
  const last = newest.at(-1)
  if (!last) throw new AuraError("conflict", "The loop is not running.")
  return unfinished.length > 0 ? unfinished : [last]
}

/** The newest loop of each instance, the oldest first. @throws AuraError `not_found` */
async function listNewest(aura: Aura, projectId: string, instanceId: string | undefined): Promise<Loop[]> {
  const instance = instanceId === undefined ? undefined : await aura.store.get("instances", instanceId)
  if (instanceId !== undefined && instance?.projectId !== projectId)
    throw new AuraError("not_found", "There is no such agent in this project.")
  const { loops } = await getState(aura, projectId)
  const fitting = instanceId === undefined ? loops : loops.filter((loop) => loop.instanceId === instanceId)
  return fitting.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Asks a running loop to pause at the next tool boundary, or once the task at hand is finished. */
export async function pause(aura: Aura, id: string, after: "step" | "task" = "step"): Promise<Loop> {
  return await move(aura, id, "loop.updated", (loop) => {
    const asked = after === "task" ? "pause_after_task" : null
    if (loop.status === "finished") return loop
    if (loop.status === "paused" || (loop.status === "pausing" && (loop.asked ?? null) === asked)) return loop
    if (loop.status !== "running" && loop.status !== "pausing") refuse(loop, "paused")
    return { ...loop, status: "pausing", asked }
  })
}

/** Asks a running loop to leave the task at hand. */
export async function skip(aura: Aura, id: string): Promise<Loop> {
  return await move(aura, id, "loop.updated", (loop) => {
    if (!loop.taskId || loop.status !== "running") refuse(loop, "told to skip a task")
    return { ...loop, asked: "skip" }
  })
}

/** The loop has come to rest; its task stays claimed. */
export async function paused(aura: Aura, id: string, reason: string | null): Promise<Loop> {
  return await move(
    aura,
    id,
    "loop.paused",
    (loop) =>
      loop.status === "pausing" ? { ...loop, status: "paused", reason, waiting: null, asked: null } : loop,
    "paused",
  )
}

export async function resume(aura: Aura, id: string): Promise<Loop> {
  return await move(
    aura,
    id,
    "loop.resumed",
    (loop) => {
      if (loop.status !== "paused" && loop.status !== "pausing") refuse(loop, "resumed")
      return { ...loop, status: "running", reason: null, asked: null }
    },
    "working",
  )
}

export async function stop(aura: Aura, id: string): Promise<Loop> {
  return await move(aura, id, "loop.updated", (loop) => {
    return loop.status === "finished" ? loop : { ...loop, status: "stopping" }
  })
}

/** What it does now: phase, task, session, waiting. Does nothing once it is finished. */
export async function note(
  aura: Aura,
  id: string,
  change: Partial<Pick<Loop, "phase" | "taskId" | "sessionId" | "waiting" | "asked">>,
): Promise<void> {
  await aura.store.commit("loop.updated", async (read) => {
    const loop = await read.get("loops", id)
    if (!loop || loop.status === "finished") return undefined
    return { projectId: loop.projectId, rows: { loops: [{ ...loop, ...change }] } }
  })
}

export async function finish(
  aura: Aura,
  id: string,
  outcome: NonNullable<Loop["outcome"]>,
  reason: string,
): Promise<void> {
  await move(
    aura,
    id,
    "loop.finished",
    (loop) => (loop.status === "finished" ? loop : finished(aura, loop, outcome, reason)),
    "idle",
    outcome === "budget" ? { before: "budget.reached" } : {},
  )
}

function finished(aura: Aura, loop: Loop, outcome: NonNullable<Loop["outcome"]>, reason: string): Loop {
  return {
    ...loop,
    status: "finished",
    phase: "claiming",
    waiting: null,
    asked: null,
    outcome,
    reason,
    finishedAt: timestamp(aura),
  }
}

const interrupted = "Aura was stopped while the loop was running."

/**
 * At boot: ends what the last crash left paused or stopping. Returns those that were running: each stands in the
 * memory as running until `start` replaces it, so that a crash before that does not make them forgotten.
 */
export async function recover(aura: Aura): Promise<Loop[]> {
  const left = (await aura.store.list("loops")).filter((loop) => loop.status !== "finished")
  const wasRunning = (loop: Loop) => loop.status === "running" || loop.status === "pausing"
  for (const loop of left) if (!wasRunning(loop)) await finish(aura, loop.id, "stopped", interrupted)
  return left.filter(wasRunning)
}

async function move(
  aura: Aura,
  id: string,
  type: "loop.updated" | "loop.paused" | "loop.resumed" | "loop.finished",
  change: (loop: Loop) => Loop,
  instanceStatus?: Instance["status"],
  also: { before?: "budget.reached" } = {},
): Promise<Loop> {
  let moved: Loop | undefined
  await aura.store.commit(type, async (read) => {
    const loop = await read.get("loops", id)
    if (!loop) throw new AuraError("not_found", "There is no such loop.")
    moved = change(loop)
    if (moved === loop) return undefined
    const instance = await read.get("instances", loop.instanceId)
    const instances =
      instance && instanceStatus ? [{ ...instance, status: instanceStatus, updatedAt: timestamp(aura) }] : []
    return { projectId: loop.projectId, rows: { loops: [moved], instances }, ...also }
  })
  if (!moved) throw new AuraError("internal_error", "The loop was not stored.")
  return moved
}

async function refuseSecond(
  read: Pick<Aura["store"], "list">,
  of: { instance: Instance; worksIn: string | undefined; replaced: string | undefined },
): Promise<void> {
  const { instance, worksIn, replaced } = of
  const busy = (await read.list("loops")).filter((loop) => loop.status !== "finished" && loop.id !== replaced)
  if (busy.some((loop) => loop.instanceId === instance.id)) {
    throw new AuraError("conflict", "The loop is running already.")
  }
  const instances = new Map((await read.list("instances")).map((row) => [row.id, row]))
  const holder = busy.find((loop) => {
    const other = loop.worksIn ?? pathOf(instances.get(loop.instanceId))
    return worksIn !== undefined && other !== undefined && overlaps(worksIn, other)
  })
  if (!holder) return
  const name = instances.get(holder.instanceId)?.name ?? "Another agent"
  throw new AuraError(
    "conflict",
    `${name} is at work in ${holder.worksIn ?? worksIn} already. Two agents in one folder or repository would undo each other's work; stop that one first.`,
  )
}

function pathOf(instance: Instance | undefined): string | undefined {
  return instance?.workspace.kind === "local" ? instance.workspace.path : undefined
}

/** True for one and the same folder, and where one lies in the other. */
function overlaps(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a)
}

function refuse(loop: Loop, what: string): never {
  throw new AuraError("conflict", `The loop is ${loop.status} and cannot be ${what}.`)
}
