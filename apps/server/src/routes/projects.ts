/** Projects, what their agents may do, and what they ask for. */
import { asks, attention, folders, permissions, progress, projects, recap } from "@aura/domain"
import { projectionOf } from "@aura/engine"
import type { Host } from "../host.ts"
import { readPage, toPage } from "../page.ts"
import { createRehearsal } from "../rehearsal.ts"
import { type BoundRoute, route } from "../route.ts"

export function projectRoutes({ aura, engine, snapshots, terminals }: Host): BoundRoute[] {
  return [
    route("listProjects", async ({ query }) => toPage(await projects.list(aura), query)),
    route("createProject", ({ body }) => projects.create(aura, body)),
    route("getProject", ({ params }) => projects.get(aura, params.p)),
    route("updateProject", ({ params, body, caller }) => projects.update(aura, caller, params.p, body)),
    route("removeProject", async ({ params, caller }) => {
      await projects.remove(aura, caller, params.p)
      await terminals.removeAll(params.p)
      await snapshots.forget()
    }),
    route("archiveProject", ({ params }) => projects.setStatus(aura, params.p, "archived")),
    route("unarchiveProject", ({ params }) => projects.setStatus(aura, params.p, "active")),
    route("createRehearsal", () => createRehearsal(aura)),
    route("setLevel", ({ params, body, caller }) => permissions.set(aura, caller, params.p, body)),
    route("getProgress", ({ params }) => progress.get(aura, params.p)),
    route("getProjection", ({ params }) => projectionOf(engine, params.p)),
    route("getRecap", ({ params, query }) => recap.get(aura, params.p, query.since)),
    route("listAttention", async () => ({ items: await attention.list(aura) })),
    route("viewFolder", ({ body }) => folders.view(body.path)),
    route("listProjectAsks", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return await readPage(query, (page) => asks.list(aura, params.p, page))
    }),
    route("listAsks", ({ query }) => readPage(query, (page) => asks.list(aura, undefined, page))),
    route("answerAsk", ({ params, body, caller }) =>
      asks.answer(aura, caller, params.a, body.allow, body.reason),
    ),
  ]
}
