/** What only a desktop does. The window does it; the server guards it and passes it on. */
import type { Host } from "../host.ts"
import { type BoundRoute, route, streamRoute } from "../route.ts"
import { streamOrders } from "../streams.ts"

export function desktopRoutes(host: Host): BoundRoute[] {
  const { windows } = host
  return [
    streamRoute("attachWindow", ({ login }, request, reply) => streamOrders(host, request, reply, login)),
    route("answerWindow", async ({ params, body }) => windows.answer(params.id, body)),
    route("openWindow", async ({ body }) => windows.tell({ type: "open", path: body?.path ?? "/" })),
    route("pickPath", async ({ body }) => ({
      path: await windows.pick(
        body.kind,
        body.title ?? (body.kind === "folder" ? "Choose a folder" : "Choose a file"),
      ),
    })),
    route("notify", async ({ body }) => windows.tell({ type: "notify", ...body, path: body.path ?? "/" })),
  ]
}
