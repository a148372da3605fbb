/** The whole job in one go: specs, tasks, loop; picking up where the project stands. */
import { plans, specs, tasks } from "@aura/domain"
import { type Engine, extractTasks, generateSpecs, startLoop } from "@aura/engine"

/**
 * Plans what is not planned and starts the loop. Resolves when the loop has been started, or when a step ended
 * without a plan (its row says why).
 */
export async function runWhole(engine: Engine, projectId: string): Promise<void> {
  const { aura } = engine
  if ((await specs.list(aura, projectId)).length === 0) {
    if (!(await ends(engine, (await generateSpecs(engine, projectId)).id))) return
  }
  if ((await tasks.list(aura, projectId)).length === 0) {
    if (!(await ends(engine, (await extractTasks(engine, projectId)).id))) return
  }
  await startLoop(engine, projectId)
}

/** True when the plan was stored. */
async function ends(engine: Engine, planId: string): Promise<boolean> {
  await engine.running.get(planId)?.finished
  const plan = await plans.get(engine.aura, planId)
  return plan.status === "finished"
}
