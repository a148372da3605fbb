/** The loop: claim the next ready task, run it, finish it; until nothing more can be done, and it says why. */
import { AuraError, type Instance, type Loop, type Project, type Task } from "@aura/core"
import { agents, loops, permissions, projects, sessions, tasks } from "@aura/domain"
import type { Place } from "@aura/workspace"
import type { Ending, Outcome, Work } from "../attempt.ts"
import { findUnpriced } from "../budget.ts"
import { createControl } from "../control.ts"
import { mark } from "../crash-points.ts"
import type { Engine } from "../engine.ts"
import { inTurn } from "../in-turn.ts"
import { writeHeldOut } from "../proof/held-out/write.ts"
import { proveWhole } from "../proof/product/prove-whole.ts"
import { findAccepted } from "../proof/prove.ts"
import { describeFailure, openSession } from "../session/journal.ts"
import { chooseModel, writeSystem } from "../session/system.ts"
import { keepBefore } from "../tools/keep-before.ts"
import { permitCheckout, permitWorkspace } from "../tools/permission.ts"
import * as commits from "./commits.ts"
import { runTask } from "./run-task.ts"
import { sumUp, whenTasksChange } from "./sum-up.ts"
import { whenBack } from "./way-back.ts"

/** Attempts a task has before it is failed for good. */
const maxAttempts = 3
const maxDeaths = 5

/** @throws AuraError as `loops.start` does, and when the folder is in no state to be worked in */
export async function startLoop(
  engine: Engine,
  projectId: string,
  options: loops.NewLoop = {},
): Promise<Loop> {
  const { level } = await permissions.of(engine.aura, projectId)
  if (level < 2)
    throw new AuraError(
      "conflict",
      `This project's permission level is ${level}: no command may be run, so no task could be proven. Raise it to 2 first.`,
    )
  const worksIn = await (await placeOf(engine, projectId, options.instanceId)).check()
  const loop = await loops.start(engine.aura, projectId, { ...options, worksIn })
  const control = createControl()
  engine.running.set(loop.id, control)
  void runLoop(engine, loop)
    .catch((thrown: unknown) => engine.report?.(thrown))
    .finally(() => {
      engine.running.delete(loop.id)
      control.finish()
    })
  return loop
}

/** Whose loop is meant; without an instance, all loops of the project are. */
type Aim = { instanceId?: string | undefined }

/** Of a loop that has ended meanwhile, the end is given: it rests, as was wished. */
export async function pauseLoop(
  engine: Engine,
  projectId: string,
  { after = "step", ...aim }: Aim & { after?: "step" | "task" | undefined } = {},
): Promise<Loop> {
  return await steer(
    await loops.listUnfinishedOrLast(engine.aura, projectId, aim.instanceId),
    async ({ id }) => {
      const loop = await loops.pause(engine.aura, id, after)
      engine.running.get(id)?.pause(after)
      return loop
    },
  )
}

/** @throws AuraError `conflict` when no task is at hand */
export async function skipTask(engine: Engine, projectId: string, aim: Aim = {}): Promise<Loop> {
  return await steer(await loops.listUnfinished(engine.aura, projectId, aim.instanceId), async ({ id }) => {
    const loop = await loops.skip(engine.aura, id)
    engine.running.get(id)?.skip()
    return loop
  })
}

export async function resumeLoop(engine: Engine, projectId: string, aim: Aim = {}): Promise<Loop> {
  return await steer(await loops.listUnfinished(engine.aura, projectId, aim.instanceId), async ({ id }) => {
    const loop = await loops.resume(engine.aura, id)
    engine.running.get(id)?.resume()
    return loop
  })
}

/** Of a loop that has ended meanwhile, the end is given: the wish came true by itself. */
export async function stopLoop(engine: Engine, projectId: string, aim: Aim = {}): Promise<Loop> {
  return await steer(
    await loops.listUnfinishedOrLast(engine.aura, projectId, aim.instanceId),
    async ({ id }) => {
      const loop = await loops.stop(engine.aura, id)
      if (loop.status === "finished") return loop
      const control = engine.running.get(id)
      if (!control) throw new AuraError("conflict", "The loop is not running in this process.")
      control.stop()
      return loop
    },
  )
}

/** Does it to each; refused only when none of them could. @returns the newest of those that could */
async function steer(all: readonly Loop[], act: (loop: Loop) => Promise<Loop>): Promise<Loop> {
  const results = await Promise.allSettled(all.map(act))
  const done = results.findLast((result) => result.status === "fulfilled")
  if (done) return done.value
  throw results.find((result) => result.status === "rejected")?.reason
}

async function closeSession(engine: Engine, loop: Loop, summary: string): Promise<void> {
  const session = await sessions.findActive(engine.aura, loop.instanceId, "work")
  if (session) await sessions.end(engine.aura, session.id, "completed", summary)
}

async function placeOf(engine: Engine, projectId: string, instanceId?: string): Promise<Place> {
  const project = await projects.get(engine.aura, projectId)
  if (instanceId === undefined) return engine.openPlace(project)
  return engine.openPlace(project, await agents.getInstance(engine.aura, projectId, instanceId))
}

async function runLoop(engine: Engine, loop: Loop): Promise<void> {
  const ending = await work(engine, loop).catch((thrown: unknown): Ending => {
    return thrown instanceof AuraError && thrown.code !== "internal_error"
      ? { outcome: "refused", reason: thrown.message }
      : { outcome: "error", reason: describeFailure(thrown) }
  })
  // The rows stay as they are: the next start finds the loop running and goes on.
  if (engine.running.get(loop.id)?.isLeaving && ending.outcome === "stopped") return
  const task = (await tasks.list(engine.aura, loop.projectId)).find(
    (row) => row.status === "in_progress" && row.instanceId === loop.instanceId,
  )
  if (task) await tasks.release(engine.aura, { task, loopId: loop.id })
  mark(engine.aura, "loop.ending")
  await loops.finish(engine.aura, loop.id, ending.outcome, ending.reason)
  if (ending.outcome === "done" && !loop.onlyTaskId) await closeSession(engine, loop, ending.reason)
  mark(engine.aura, "loop.finished")
}

async function work(engine: Engine, loop: Loop): Promise<Ending> {
  const opened = await open(engine, loop)
  const unwritten = await inTurn(engine, loop.projectId, () => writeHeldOut(opened))
  if (unwritten?.kind === "stopped") return { outcome: "stopped", reason: "Stopped by you." }
  if (unwritten) return { outcome: unwritten.kind, reason: unwritten.reason }
  for (;;) {
    if (opened.control.isStopping) return { outcome: "stopped", reason: "Stopped by you." }
    const { projectId, instanceId, id: loopId, onlyTaskId } = loop
    if (opened.control.isSkipping) {
      opened.control.skipped()
      await loops.note(engine.aura, loopId, { asked: null })
    }
    if (opened.control.pausesAt("task")) {
      await loops.paused(engine.aura, loopId, "Paused by you.")
      await opened.control.whenResumed()
      continue
    }
    await commits.settle(engine, { projectId, instanceId }, opened.git)
    const task = await tasks.claimNext(engine.aura, { projectId, instanceId, loopId, onlyTaskId })
    if (!task) {
      const ending = await sumUp(opened)
      if (ending === "wait") await whenTasksChange(engine, loop, opened.control)
      else if (ending) {
        const isWhole = ending.outcome === "done" && !onlyTaskId
        const last = isWhole ? await proveWhole(opened, ending) : ending
        if (last) return last
      }
      continue
    }
    mark(engine.aura, "work.claimed")
    const ending = await runAttempt(opened, task)
    if (ending) return ending
  }
}

async function open(engine: Engine, loop: Loop): Promise<Work> {
  const { aura } = engine
  await whenBack(engine, loop.projectId)
  const project = await projects.get(aura, loop.projectId)
  const instance = await agents.getInstance(aura, project.id, loop.instanceId)
  const place = engine.openPlace(project, instance)
  const opened = await place.prepare()
  const { git } = opened
  const notes =
    project.workspacePath === place.root
      ? opened.notes
      : [...opened.notes, `${instance.name} works in ${place.root}.`]
  const keep = (why: string) => keepNow(engine, loop, place, why)
  const workspace = permitWorkspace(keepBefore(opened.workspace, keep), () =>
    permissions.of(aura, project.id),
  )
  const permission = () => permissions.of(aura, project.id)
  const checkout = permitCheckout(opened.checkout, permission)
  const system = await writeSystem(aura, new URL("./work.md", import.meta.url), project, instance)
  const { session, effort } = await sessionFor(engine, project, instance)
  const journal = await openSession(engine, { ...session, kind: "work" })
  for (const text of notes) await journal.record({ kind: "note", level: "info", text })
  const unpriced = await findUnpriced(engine, project, session.model)
  if (unpriced) await journal.record({ kind: "note", level: "warn", text: unpriced })
  await loops.note(aura, loop.id, { sessionId: journal.session.id })
  mark(aura, "loop.opened")
  const control = engine.running.get(loop.id)
  if (!control) throw new Error("the loop has no control")
  return {
    engine,
    loop,
    project,
    instance,
    model: await engine.modelFor(project),
    effort,
    place,
    workspace,
    git,
    checkout,
    system,
    control,
    journal,
  }
}

async function keepNow(engine: Engine, { id, projectId, instanceId }: Loop, place: Place, why: string) {
  const taskId = (await engine.aura.store.get("loops", id))?.taskId ?? null
  await place.snapshots.take({ projectId, instanceId, taskId, kind: "command", why })
}

async function sessionFor(engine: Engine, project: Project, instance: Instance) {
  const { model, rotateAt, effort } = await chooseModel(engine, project, instance, "work")
  return { effort, session: { projectId: project.id, instanceId: instance.id, model, rotateAt } }
}

/** One attempt, and what follows from how it ended. A value ends the loop. */
async function runAttempt(opened: Work, task: Task): Promise<Ending | undefined> {
  const { aura } = opened.engine
  const accepted = await findAccepted(opened, task)
  if (!accepted && (await isOfLostAttempt(opened, task)))
    await beginFresh(opened, "It ended with an attempt that failed.")
  const outcome = accepted ?? refuseDeadly(task) ?? (await runTask(opened, task))
  switch (outcome.kind) {
    case "done":
      await tasks.finishDone(aura, { task, loopId: opened.loop.id }, outcome)
      mark(aura, "task.finished")
      return undefined
    case "blocked":
      await giveUp(opened, task, "blocked", outcome.reason)
      return undefined
    case "failed":
      await learn(opened, task, outcome.reason)
      return undefined
    case "stopped":
      return { outcome: "stopped", reason: "Stopped by you." }
    case "budget":
    case "provider":
    case "error":
      return { outcome: outcome.kind, reason: outcome.reason }
  }
}

/** So often Aura died at one and the same place of a task that going on would be dying again. */
function refuseDeadly({ deaths }: Task): Outcome | undefined {
  if (!deaths || deaths.count < maxDeaths) return undefined
  return {
    kind: "blocked",
    reason: `Aura was killed ${deaths.count} times in a row while it worked on this, each time before anything new was stored. Something in it ends the process, such as a command that takes all the memory: see the log, then retry.`,
  }
}

/** The next attempt begins in a fresh session, knowing what failed; after the last one the task is failed. */
async function learn(opened: Work, task: Task, reason: string): Promise<void> {
  // The task goes first: were the session ended alone, the attempt would go on without what it knew.
  if (task.attempts >= maxAttempts) await giveUp(opened, task, "failed", reason)
  else await tasks.endAttempt(opened.engine.aura, { task, loopId: opened.loop.id }, reason)
  mark(opened.engine.aura, "attempt.lost")
  await beginFresh(opened, `Attempt ${task.attempts} at "${task.title}" failed: ${reason}`)
}

async function beginFresh(opened: Work, summary: string): Promise<void> {
  const { aura } = opened.engine
  const { session } = opened.journal
  await sessions.end(aura, session.id, "failed", summary)
  const { projectId, instanceId, model, rotateAt } = session
  opened.journal = await openSession(opened.engine, {
    projectId,
    instanceId,
    model,
    rotateAt,
    kind: "work",
    isFresh: true,
  })
  await loops.note(aura, opened.loop.id, { sessionId: opened.journal.session.id })
}

/** True when a crash came between the end of a failed attempt and that of its session. */
async function isOfLostAttempt({ engine, journal }: Work, task: Task): Promise<boolean> {
  const last = journal.entries.findLast((entry) => entry.kind === "prompt" && entry.about === "task")
  if (last?.kind !== "prompt" || last.taskId === undefined) return false
  if (last.taskId === task.id) return !last.text.includes(`Attempt ${task.attempts}, part `)
  return (await engine.aura.store.get("tasks", last.taskId))?.status === "failed"
}

/** Its half-done work is kept under a ref and taken out of the folder, so that it spoils nothing after it. */
async function giveUp(opened: Work, task: Task, status: "failed" | "blocked", reason: string): Promise<void> {
  const { aura } = opened.engine
  const { baseTree } = await tasks.get(aura, task.projectId, task.id)
  const base = baseTree && (await opened.git.rebase(baseTree))
  if (base && (await opened.git.snapshot()) !== base) {
    const ref = await opened.git.setAside(base, task.id)
    const text = `What "${task.title}" had changed was taken out of the folder and kept as ${ref}.`
    await opened.journal.record({ kind: "note", level: "warn", text, taskId: task.id })
  }
  await tasks.finishFailed(aura, { task, loopId: opened.loop.id }, status, reason)
}
