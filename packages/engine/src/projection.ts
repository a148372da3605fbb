/** What a plan will cost with the model that will work it. */
import type { DocumentChange, Forecast, Projection, Replan, Task } from "@aura/core"
import { projection, projects, replan } from "@aura/domain"
import type { Engine } from "./engine.ts"
import { chooseModel } from "./session/system.ts"

/** Of a project as it stands, updated by asking again. */
export async function projectionOf(engine: Engine, projectId: string): Promise<Projection> {
  return await projection.get(engine.aura, projectId, await usualUsd(engine, projectId))
}

/** Of tasks that are only proposed, such as those of a new plan. */
async function priceOfTasks(
  engine: Engine,
  projectId: string,
  tasks: readonly Pick<Task, "description" | "checks" | "requirementIds">[],
): Promise<Forecast> {
  const rates = await projection.learnFrom(engine.aura, projectId, await usualUsd(engine, projectId))
  const planned = tasks.map((task, i) => ({
    taskId: `${i}`,
    size: projection.sizeOf(task),
    spentUsd: 0,
    spentMinutes: 0,
  }))
  return projection.forecast(planned, rates).remaining
}

/** What a change of the document does to the plan, with its price. @throws AuraError as saving it does */
export async function previewReplan(
  engine: Engine,
  projectId: string,
  change: DocumentChange,
): Promise<Replan> {
  return await replan.preview(engine.aura, projectId, change, async (tasks) => {
    const { costUsd } = await priceOfTasks(engine, projectId, tasks)
    return costUsd?.expected ?? null
  })
}

async function usualUsd({ aura, ...engine }: Engine, projectId: string): Promise<number | null> {
  const project = await projects.get(aura, projectId)
  const { model } = await chooseModel({ aura, ...engine }, project, undefined, "work")
  const { isPriced, price } = engine.findModel(model)
  return isPriced ? price(projection.usualTokens) : null
}
