/** The requirements document, and how each requirement is proven. */
import { certificates, heldOut, ledger, productProofs, projects, requirements, waivers } from "@aura/domain"
import { previewReplan, traceOf } from "@aura/engine"
import type { Host } from "../host.ts"
import { toPage } from "../page.ts"
import { type BoundRoute, fileRoute, route, TextFile } from "../route.ts"

export function requirementRoutes({ aura, engine }: Host): BoundRoute[] {
  return [
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
    route("createWaiver", ({ params, body, caller }) => waivers.create(aura, caller, params.p, body)),
    route("removeWaiver", ({ params, caller }) => waivers.remove(aura, caller, params.p, params.w)),
    route("listHeldOut", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return toPage(await heldOut.listViews(aura, params.p), query)
    }),
    route("listProductProofs", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return toPage((await productProofs.list(aura, params.p)).toReversed(), query)
    }),
    route("getTrace", ({ params, query }) => traceOf(engine, params.p, query.of)),
    fileRoute("getReport", async ({ params, query }) => {
      const certificate = await certificates.make(aura, params.p)
      if (query.format === "html")
        return new TextFile(certificates.toHtml(certificate), "text/html", "proof.html")
      if (query.format === "markdown")
        return new TextFile(certificates.toMarkdown(certificate), "text/markdown", "proof.md")
      return certificate
    }),
  ]
}
