/** Specs and tasks: written by the model, edited by people. */
import { plans, projects, sessions, specs, tasks } from "@aura/domain"
import { extractTasks, generateSpecs, proposals, regenerateSpec, startLoop, stopPlan } from "@aura/engine"
import type { Host } from "../host.ts"
import { toPage } from "../page.ts"
import { type BoundRoute, route, streamRoute } from "../route.ts"
import { streamEvents } from "../streams.ts"

export function planRoutes(host: Host): BoundRoute[] {
  const { aura, engine } = host
  const inProject = async <T>(id: string, list: () => Promise<T>): Promise<T> => {
    await projects.get(aura, id)
    return await list()
  }
  return [
    route("listSpecs", async ({ params, query }) =>
      toPage(await inProject(params.p, () => specs.list(aura, params.p)), query),
    ),
    route("getSpec", ({ params }) => specs.get(aura, params.p, params.s)),
    route("updateSpec", ({ params, body, caller }) => specs.update(aura, caller, params.p, params.s, body)),
    route("regenerateSpec", async ({ params, body }) => ({
      accepted: true,
      plan: await regenerateSpec(engine, params.p, params.s, body?.note?.trim()),
    })),
    route("getProposal", ({ params }) => proposals.diff(engine, params.p, params.s)),
    route("acceptProposal", ({ params, body, caller }) =>
      specs.acceptProposal(aura, caller, params.p, params.s, body.planId, body.keepDone),
    ),
    route("discardProposal", ({ params }) => specs.discardProposal(aura, params.p, params.s)),
    route("generateSpecs", async ({ params }) => ({
      accepted: true,
      plan: await generateSpecs(engine, params.p),
    })),
    streamRoute("generateSpecsStream", async ({ params, login, caller }, request, reply) => {
      const after = aura.store.head
      const plan = await generateSpecs(engine, params.p)
      const until = engine.running.get(plan.id)?.finished
      await streamEvents(host, request, reply, {
        caller,
        login,
        after,
        projectId: params.p,
        ...(until ? { until } : {}),
      })
    }),
    route("extractTasks", async ({ params, body }) => ({
      accepted: true,
      plan: await extractTasks(engine, params.p, body ?? {}),
    })),
    route("stopPlan", async ({ params }) => ({ stopped: await stopPlan(engine, params.p) })),
    route("listPlans", async ({ params }) =>
      toPage(await inProject(params.p, () => plans.list(aura, params.p)), {}),
    ),
    route("listTasks", async ({ params, query }) =>
      toPage(await inProject(params.p, () => tasks.list(aura, params.p)), query),
    ),
    route("createTask", ({ params, body }) => inProject(params.p, () => tasks.create(aura, params.p, body))),
    route("getTask", ({ params }) => tasks.get(aura, params.p, params.t)),
    route("updateTask", ({ params, body, caller }) => tasks.update(aura, caller, params.p, params.t, body)),
    route("removeTask", ({ params, caller }) => tasks.remove(aura, caller, params.p, params.t)),
    route("splitTask", async ({ params, body }) => ({
      items: await tasks.split(aura, params.p, params.t, body.parts),
    })),
    route("mergeTask", ({ params, body }) => tasks.merge(aura, params.p, params.t, body.taskId)),
    route("transitionTask", ({ params, body }) =>
      tasks.transition(aura, params.p, params.t, body.status, body.reason),
    ),
    route("retryTask", ({ params, body }) => tasks.retry(aura, params.p, params.t, body?.note)),
    route("runTask", async ({ params }) => {
      const task = await tasks.get(aura, params.p, params.t)
      tasks.refuseUnlessReady(task)
      return await startLoop(engine, params.p, { onlyTaskId: task.id })
    }),
    route("getTaskOutput", async ({ params }) => ({
      task: await tasks.get(aura, params.p, params.t),
      entries: await sessions.entriesOfTask(aura, params.t),
    })),
  ]
}
