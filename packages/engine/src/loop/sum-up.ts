/** Why there is nothing more to do: what is left, and whether all is proven that was asked for. */
import type { Loop, Task } from "@aura/core"
import { ledger, loops, requirements, tasks } from "@aura/domain"
import type { Ending, Work } from "../attempt.ts"
import type { Control } from "../control.ts"
import type { Engine } from "../engine.ts"
import { noteFlaky, recheck } from "../proof/regression.ts"

const maxNamed = 5

/** All tasks are done: is all proven that was asked for? A value of undefined: something is to be done again. */
async function sumUpRequirements(opened: Work, all: readonly Task[]): Promise<Ending | undefined> {
  const { aura } = opened.engine
  const { projectId } = opened.loop
  const { length: count } = all
  const { reopened } = await requirements.settle(aura, projectId)
  if (reopened.length > 0) return undefined
  const checked = await recheckAll(opened, all)
  if (checked !== "passed") return checked === "reopened" ? undefined : checked
  const open = await ledger.listOpen(aura, projectId)
  if (open.length === 0)
    return { outcome: "done", reason: `All ${count} tasks are done, each with passing checks.` }
  const names = open.slice(0, maxNamed).map(({ id, text, why }) => `${id} (${cutText(text)}): ${why}`)
  const more = open.length > maxNamed ? ` And ${open.length - maxNamed} more.` : ""
  return {
    outcome: "unproven",
    reason: `All ${count} tasks are done, but ${open.length === 1 ? "one requirement is" : `${open.length} requirements are`} neither proven nor waived. ${names.join(" ")}${more} Add tasks for them, or waive them with a reason.`,
  }
}

const broke = "What proved it fails now"
/** So often a task is done again because later work broke it. */
const maxRepairs = 2

/** At the end everything that proved a task has to pass on what stands on the branch. */
async function recheckAll(opened: Work, all: readonly Task[]): Promise<Ending | "passed" | "reopened"> {
  const { engine, git, checkout, control, loop } = opened
  const tree = await git.headTree()
  const isThere = (task: Task) => task.evidence?.treeHash === tree
  const known = new Set(
    all
      .filter(isThere)
      .flatMap((task) => task.evidence?.checks ?? [])
      .map(({ command }) => command),
  )
  // Other agents may work in other repositories.
  const waiting = all.filter((task) => !isThere(task) && task.instanceId === loop.instanceId)
  await loops.note(engine.aura, loop.id, { phase: "checking" })
  const found = await recheck({ checkout, tree, signal: control.signal }, waiting, known).finally(() =>
    checkout.remove(),
  )
  if (!found) return { outcome: "stopped", reason: "Stopped by you." }
  await noteFlaky(opened, found.flaky)
  if (found.broken.length === 0) return "passed"
  const hopeless = found.broken.find(({ task }) => countRepairs(task) >= maxRepairs)
  if (hopeless)
    return {
      outcome: "failed",
      reason: `What proved "${hopeless.task.title}" fails again, after ${maxRepairs} repairs: \`${hopeless.check.command}\`.`,
    }
  for (const { task, check } of new Map(found.broken.map((one) => [one.task.id, one])).values()) {
    const lesson = `${broke}, after later tasks: \`${check.command}\` printed:\n${check.output.slice(-2000)}`
    await tasks.transition(engine.aura, loop.projectId, task.id, "ready", lesson)
  }
  return "reopened"
}

function countRepairs({ earlier = [] }: Task): number {
  return earlier.filter(({ reason }) => reason?.startsWith(broke)).length
}

function cutText(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59).toWellFormed()}…` : text
}

/**
 * Why there is nothing more to do; `undefined` when something has become ready meanwhile, `wait` when something may
 * become ready because other agents are at work.
 */
export async function sumUp(opened: Work): Promise<Ending | "wait" | undefined> {
  const { engine, loop } = opened
  if (loop.onlyTaskId) {
    const task = await tasks.get(engine.aura, loop.projectId, loop.onlyTaskId)
    if (task.status === "done") return { outcome: "done", reason: `"${task.title}" is done.` }
    return {
      outcome: "failed",
      reason: `"${task.title}" is ${task.status}${task.failure ? `: ${task.failure}` : "."}`,
    }
  }
  const all = await tasks.list(engine.aura, loop.projectId)
  if (all.some((task) => task.status === "ready")) return undefined
  if (await isWorkedOnByOthers(engine, loop, all)) return "wait"
  const open = all.filter((task) => task.status !== "done")
  if (open.length === 0) return await sumUpRequirements(opened, all)
  const stuck = open.filter((task) => task.status === "failed" || task.status === "blocked")
  const names = stuck.map((task) => `"${task.title}" ${task.status}`).join(", ")
  const waiting = open.length - stuck.length
  const rest = waiting > 0 ? `; ${waiting} more wait for them` : ""
  return {
    outcome: "failed",
    reason: `${all.length - open.length} of ${all.length} tasks are done. ${names || "None can be worked on"}${rest}.`,
  }
}

async function isWorkedOnByOthers(engine: Engine, loop: Loop, all: readonly Task[]): Promise<boolean> {
  const others = (await loops.listRunning(engine.aura)).filter(
    (row) => row.projectId === loop.projectId && row.id !== loop.id,
  )
  return all.some(
    (task) =>
      task.status === "in_progress" && others.some(({ instanceId }) => instanceId === task.instanceId),
  )
}

/** Resolves when a task or loop of the project has changed since `sumUp` looked, or something is asked of this one. */
export async function whenTasksChange(engine: Engine, loop: Loop, control: Control): Promise<void> {
  const changed = Promise.withResolvers<void>()
  const leave = engine.aura.store.subscribe(({ projectId, rows, removed }) => {
    if (projectId === loop.projectId && (rows.tasks ?? removed?.tasks ?? rows.loops)) changed.resolve()
  })
  const isStill = await isWorkedOnByOthers(engine, loop, await tasks.list(engine.aura, loop.projectId))
  if (isStill && !control.isStopping && !control.isPausing && !control.isSkipping)
    await Promise.race([changed.promise, control.whenAsked()])
  leave()
}
