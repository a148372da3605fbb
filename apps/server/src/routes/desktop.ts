/** What only a desktop does: by the window, which is asked through here, or by programs of this machine. */
import { stat } from "node:fs/promises"
import { AuraError } from "@aura/core"
import { settings } from "@aura/domain"
import type { Host } from "../host.ts"
import { type Asked, locate } from "../locate.ts"
import { findEditors } from "../programs/editors.ts"
import { launch, toReveal } from "../programs/launch.ts"
import { type BoundRoute, route, streamRoute } from "../route.ts"
import { streamOrders } from "../streams.ts"

export function desktopRoutes(host: Host): BoundRoute[] {
  const { aura, engine, windows, updates } = host
  const findProgram = (name: string) => host.findProgram(name)
  /** A real file or folder of an attached workspace. */
  const find = async (asked: Asked) => {
    const { place, path } = await locate(engine, asked)
    if (place.hostFiles.kind === "unavailable")
      throw new AuraError("service_unavailable", place.hostFiles.reason)
    const absolute = await place.hostFiles.resolve(path)
    const about = await stat(absolute).catch(() => undefined)
    if (!about) throw new AuraError("not_found", `There is no ${asked.path}.`)
    return { path: absolute, isFolder: about.isDirectory() }
  }
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
    route("listEditors", async () => ({
      items: findEditors(findProgram).map(({ editor: { id, name } }) => ({ id, name })),
      next: null,
    })),
    route("openInEditor", async ({ body: { line, ...asked } }) => {
      const { path } = await find(asked)
      const found = findEditors(findProgram)
      const { editor: chosen } = await settings.get(aura)
      const one = chosen ? found.find(({ editor }) => editor.id === chosen) : found[0]
      if (!one)
        throw new AuraError(
          "not_found",
          chosen
            ? "The editor chosen in Settings is not on this machine. Choose another one there."
            : "No editor was found: VS Code, Cursor, Zed, a JetBrains one, or Vim with a terminal.",
        )
      await launch([...one.command, ...one.editor.toArgs(path, line)])
    }),
    route("getUpdateStatus", () => updates.status()),
    route("checkUpdate", () => updates.check()),
    route("installUpdate", () => updates.install()),
    route("revealPath", async ({ body }) => {
      const { path, isFolder } = await find(body)
      const [name = "", ...args] = toReveal(path, isFolder)
      const program = findProgram(name)
      if (!program)
        throw new AuraError("service_unavailable", `${name} was not found, so the folder cannot be shown.`)
      await launch([program, ...args])
    }),
  ]
}
