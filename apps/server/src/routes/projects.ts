/** Projects, their requirements and their progress. */
import {
  certificates,
  heldOut,
  ledger,
  productProofs,
  progress,
  projects,
  requirements,
  waivers,
} from "@aura/domain"
import { previewReplan, projectionOf, traceOf } from "@aura/engine"
import type { Host } from "../host.ts"
import { toPage } from "../page.ts"
import { createRehearsal } from "../rehearsal.ts"
import { type BoundRoute, fileRoute, route, TextFile } from "../route.ts"

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
    route("getRequirements", ({ params }) => requirements.view(aura, params.p)),
    route("saveRequirements", ({ params, body, caller }) => requirements.save(aura, caller, params.p, body)),
    route("previewRequirements", ({ params, body }) => previewReplan(engine, params.p, body)),
    route("decideIdentity", ({ params, body, caller }) =>
      requirements.decideIdentity(aura, caller, params.p, body),
    ),
    route("decideCount", ({ params, body, caller }) =>
      requirements.decideCount(aura, caller, params.p, body),
    ),
    route("getLedger", ({ params }) => ledger.get(aura, params.p)),
    route("listWaivers", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return toPage(await waivers.list(aura, params.p), query)
    }),
    route("listHeldOut", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return toPage(await heldOut.listViews(aura, params.p), query)
    }),
    route("listProductProofs", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return toPage((await productProofs.list(aura, params.p)).toReversed(), query)
    }),
    route("createWaiver", ({ params, body, caller }) => waivers.create(aura, caller, params.p, body)),
    route("removeWaiver", ({ params, caller }) => waivers.remove(aura, caller, params.p, params.w)),
    route("getTrace", ({ params, query }) => traceOf(engine, params.p, query.of)),
    fileRoute("getReport", async ({ params, query }) => {
      const certificate = await certificates.make(aura, params.p)
      if (query.format === "html")
        return new TextFile(certificates.toHtml(certificate), "text/html", "proof.html")
      if (query.format === "markdown")
        return new TextFile(certificates.toMarkdown(certificate), "text/markdown", "proof.md")
      return certificate
    }),
    route("createRehearsal", () => createRehearsal(aura)),
    route("getProgress", ({ params }) => progress.get(aura, params.p)),
    route("getProjection", ({ params }) => projectionOf(engine, params.p)),
  ]
}
