/** What runs on this machine: commands, terminals, and what only a desktop does. */
import { stat } from "node:fs/promises"
import { AuraError } from "@aura/core"
import { projects, settings } from "@aura/domain"
import type { Host } from "../host.ts"
import { type Asked, locate } from "../locate.ts"
import { findEditors } from "../programs/editors.ts"
import { launch, toReveal } from "../programs/launch.ts"
import { type BoundRoute, route, streamRoute } from "../route.ts"
import { streamOrders } from "../streams.ts"

export function machineRoutes(host: Host): BoundRoute[] {
  const { aura, custody, engine, terminals, windows } = host
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
    route("listCommands", async ({ params }) => ({
      items: custody.list((await projects.get(aura, params.p)).id).map((one) => ({
        ...one,
        command: aura.redactor.text(one.command),
        startedAt: new Date(one.startedAt).toISOString(),
      })),
      next: null,
    })),
    route("getMedia", async ({ params }) => {
      await projects.get(aura, params.p)
      const data = engine.media?.read(params.name)
      if (data === undefined) throw new AuraError("not_found", "That picture is not kept, or not any more.")
      return { data }
    }),
    route("getOutput", async ({ params, query }) => {
      const { workspacePath } = await projects.get(aura, params.p)
      const part = await custody.readOutput(workspacePath, params.name, query.from)
      return { ...part, text: aura.redactor.text(part.text) }
    }),
    route("listTerminals", async () => ({ items: terminals.list(), next: null })),
    route("createTerminal", async ({ body }) => {
      const size = { cols: body?.cols ?? 100, rows: body?.rows ?? 30 }
      if (!body?.projectId)
        return await terminals.create({ ...size, projectId: null, cwd: process.env.HOME ?? "/" })
      const project = await projects.get(aura, body.projectId)
      const offered = engine.openPlace(project).terminals
      if (offered.kind === "unavailable") throw new AuraError("service_unavailable", offered.reason)
      return await offered.create({ ...size, projectId: project.id })
    }),
    route("removeTerminal", async ({ params }) => terminals.remove(params.id)),
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
