/** Specs: written by the model, edited by people. */
import { plans, projects, specs } from "@aura/domain"
import {
  build,
  extractTasks,
  generateSpecs,
  lookOver,
  proposals,
  regenerateSpec,
  stopPlan,
} from "@aura/engine"
import type { Host } from "../host.ts"
import { toPage } from "../page.ts"
import { type BoundRoute, route, streamRoute } from "../route.ts"
import { streamEvents } from "../streams.ts"

export function planRoutes(host: Host): BoundRoute[] {
  const { aura, engine } = host
  return [
    route("listSpecs", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return toPage(await specs.list(aura, params.p), query)
    }),
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
    route("build", ({ params, body }) => build(engine, params.p, body?.upTo ?? "all")),
    route("lookOver", async ({ params }) => ({ accepted: true, plan: await lookOver(engine, params.p) })),
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
    route("listPlans", async ({ params }) => {
      await projects.get(aura, params.p)
      return toPage(await plans.list(aura, params.p), {})
    }),
  ]
}
