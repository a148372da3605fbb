/**
 * One order for all: specs, tasks and the work follow one another by themselves. It stands in the project's row, so that a
 * crash does not end it.
 */
import { AuraError, type Building, isPlanning, type Project, toMessage } from "@aura/core"
import { plans, projects, specs, tasks } from "@aura/domain"
import { type Control, createControl } from "./control.ts"
import type { Engine } from "./engine.ts"
import { startLoop } from "./loop/loop.ts"
import { extractTasks, generateSpecs } from "./plan/plan.ts"

type Step = "specs" | "tasks" | "work"

const keyOf = (projectId: string) => `build-${projectId}`

/**
 * Starts what a project needs next; the steps after it start as each ends.
 * @throws AuraError `conflict` when the plan that was asked for is there, and what the first step throws
 */
export async function build(engine: Engine, projectId: string, upTo: Building["upTo"]): Promise<Project> {
  const { aura } = engine
  const running = (await plans.list(aura, projectId)).find((plan) => plan.status === "running")
  const step = await findStep(engine, projectId)
  if (!running && step === "work" && upTo === "plan")
    throw new AuraError("conflict", "The plan is there already. Look at it, then start the work.")
  await projects.setBuilding(aura, projectId, { upTo, problem: null })
  try {
    follow(engine, projectId, running?.id ?? (await begin(engine, projectId, step)))
  } catch (thrown) {
    await projects.setBuilding(aura, projectId, null)
    throw thrown
  }
  return await projects.get(aura, projectId)
}

/** Resolves when the work of a build has begun, or it has ended before. */
export async function whenBuilt(engine: Engine, projectId: string): Promise<void> {
  await engine.running.get(keyOf(projectId))?.finished
}

/** At boot: builds that were going on go on. */
export async function goOnBuilding(engine: Engine): Promise<void> {
  for (const { id, building } of await projects.list(engine.aura))
    if (building && building.problem === null) follow(engine, id, undefined)
}

/** @param planId the step that runs now; undefined where none does */
function follow(engine: Engine, projectId: string, planId: string | undefined): void {
  const key = keyOf(projectId)
  if (engine.running.has(key)) return
  const control = createControl()
  engine.running.set(key, control)
  void goOn(engine, projectId, planId, control)
    .catch((thrown: unknown) => engine.report?.(thrown))
    .finally(() => {
      engine.running.delete(key)
      control.finish()
    })
}

async function goOn(
  engine: Engine,
  projectId: string,
  planId: string | undefined,
  control: Control,
): Promise<void> {
  const { aura } = engine
  let current = planId
  for (;;) {
    if (current !== undefined) {
      await engine.running.get(current)?.finished
      // Aura is ending: the order stands, and is carried out at the next start.
      if (control.isLeaving) return
      const plan = await plans.get(aura, current)
      // Its row says why; whoever starts it again goes on from there.
      if (isPlanning(plan) && plan.status !== "finished")
        return void (await projects.setBuilding(aura, projectId, null))
    }
    const { building } = await projects.get(aura, projectId)
    const step = await findStep(engine, projectId)
    if (!building || (step === "work" && building.upTo === "plan"))
      return void (await projects.setBuilding(aura, projectId, null))
    try {
      current = await begin(engine, projectId, step)
    } catch (thrown) {
      return void (await projects.setBuilding(aura, projectId, { ...building, problem: toMessage(thrown) }))
    }
    if (current === undefined) return
  }
}

async function findStep({ aura }: Engine, projectId: string): Promise<Step> {
  if ((await specs.list(aura, projectId)).length === 0) return "specs"
  return (await tasks.list(aura, projectId)).length === 0 ? "tasks" : "work"
}

/** @returns the id of the plan that was started; undefined once the work is */
async function begin(engine: Engine, projectId: string, step: Step): Promise<string | undefined> {
  if (step === "specs") return (await generateSpecs(engine, projectId)).id
  if (step === "tasks") return (await extractTasks(engine, projectId)).id
  await startLoop(engine, projectId)
  await projects.setBuilding(engine.aura, projectId, null)
  return undefined
}
