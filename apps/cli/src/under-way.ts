/** Joins plans and loops that are already running, and starts only what is missing. */
import { AuraError, type Client, type Loop, type Plan, type Project } from "@aura/core"

/** The newest plan and loop when a command began: newer ones count as running, even if they have ended since. */
export type Since = { planId: string | undefined; loopId: string | undefined }

type Step = "specs" | "tasks"

export async function readSince(client: Client, project: Project): Promise<Since> {
  const plan = await findNewestPlan(client, project)
  const loop = await findLoop(client, project)
  return {
    planId: plan?.status === "running" ? undefined : plan?.id,
    loopId: loop?.status === "finished" ? loop.id : undefined,
  }
}

/** The plan to wait for before the project has specs or tasks; `undefined` when it has them. */
export async function openPlan(
  client: Client,
  project: Project,
  step: Step,
  since: Since,
): Promise<Plan | undefined> {
  const params = { p: project.id }
  const rows = await client.call(step === "specs" ? "listSpecs" : "listTasks", {
    params,
    query: { limit: 1 },
  })
  const underWay = await findPlanSince(client, project, since)
  if (underWay?.status === "running") return underWay
  const fresh = step === "tasks" && rows.items.length > 0 ? await findUnplanned(client, project) : []
  if (rows.items.length > 0 && fresh.length === 0) return undefined
  // It ended without a result after this command began: that end is this command's, too.
  if (underWay && underWay.step === step && underWay.status !== "finished") return underWay
  try {
    if (step === "specs") return (await client.call("generateSpecs", { params })).plan
    const body = fresh.length > 0 ? { body: { requirementIds: fresh } } : {}
    return (await client.call("extractTasks", { params, ...body })).plan
  } catch (thrown) {
    const quicker = await findPlanSince(client, project, since)
    if (quicker && isConflict(thrown)) return quicker
    throw thrown
  }
}

/** Requirements that came into the document after the newest plan, and that no task names. */
export async function findUnplanned(client: Client, project: Project): Promise<string[]> {
  const params = { p: project.id }
  const { items: plans } = await client.call("listPlans", { params })
  const planned = plans.findLast(
    ({ step, status }) => step === "tasks" && status === "finished",
  )?.documentVersion
  const { items } = await client.call("getLedger", { params })
  return items.flatMap(({ id, state, since, taskIds }) =>
    state === "unproven" && taskIds.length === 0 && since > (planned ?? 1) ? [id] : [],
  )
}

/** The loop that is under way, or a new one; `undefined` when the last one ended with everything proven. */
export async function openLoop(client: Client, project: Project, since: Since): Promise<Loop | undefined> {
  const params = { p: project.id }
  const underWay = await findLoopSince(client, project, since)
  if (underWay) return underWay
  const { counts, total, unprovenRequirements } = await client.call("getProgress", { params })
  const last = await findLoop(client, project)
  // What comes after the last task, such as the proof of the whole product, may have been cut off.
  const isOver = last?.outcome === "done" && last.onlyTaskId === null
  if (isOver && counts.done === total && unprovenRequirements.length === 0) return undefined
  // What failed before gets another chance when the person asks again.
  const { items } = await client.call("listTasks", { params, query: { limit: 1000 } })
  for (const task of items) {
    if (task.status === "failed" || task.status === "blocked")
      await client.call("retryTask", { params: { p: project.id, t: task.id }, body: {} }).catch(forgive)
  }
  try {
    return await client.call("startLoop", { params, body: {} })
  } catch (thrown) {
    const quicker = await findLoopSince(client, project, since)
    if (quicker && isConflict(thrown)) return quicker
    throw thrown
  }
}

/** Another command was quicker to retry the task; whether it can be worked on is the loop's to say. */
function forgive(thrown: unknown): void {
  if (!(thrown instanceof AuraError)) throw thrown
}

function isConflict(thrown: unknown): boolean {
  return thrown instanceof AuraError && thrown.code === "conflict"
}

async function findPlanSince(client: Client, project: Project, since: Since): Promise<Plan | undefined> {
  const plan = await findNewestPlan(client, project)
  return plan?.id === since.planId ? undefined : plan
}

async function findNewestPlan(client: Client, project: Project): Promise<Plan | undefined> {
  return (await client.call("listPlans", { params: { p: project.id } })).items.at(-1)
}

/** The loop that is under way, or that ended after this command began. */
export async function findLoopSince(
  client: Client,
  project: Project,
  since: Since,
): Promise<Loop | undefined> {
  const loop = await findLoop(client, project)
  return loop?.id === since.loopId ? undefined : loop
}

async function findLoop(client: Client, project: Project): Promise<Loop | undefined> {
  return (await client.call("getLoop", { params: { p: project.id } })).loop ?? undefined
}
