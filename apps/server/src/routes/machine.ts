/** Events, files of attached workspaces, and terminals. */
import { createHash } from "node:crypto"
import { AuraError } from "@aura/core"
import { projects } from "@aura/domain"
import { openLocalWorkspace } from "@aura/engine"
import type { Host } from "../host.ts"
import { type Asked, locate } from "../locate.ts"
import { type BoundRoute, route, streamRoute } from "../route.ts"
import { streamEvents } from "../streams.ts"

export function eventRoutes(host: Host): BoundRoute[] {
  return [
    streamRoute("streamEvents", async ({ query, login }, request, reply) => {
      await streamEvents(host, request, reply, { login, after: query.after, projectId: query.project })
    }),
  ]
}

export function fileRoutes({ aura }: Host): BoundRoute[] {
  const find = async (asked: Asked) => {
    const { root, path } = await locate(aura, asked)
    return { workspace: openLocalWorkspace(root), path }
  }
  const show = (path: string, content: string) => ({
    path,
    content,
    digest: digest(content),
    bytes: Buffer.byteLength(content),
  })
  return [
    route("listFiles", async ({ body }) => {
      const { workspace, path } = await find(body)
      return { path: body.path, items: await workspace.list(path === "" ? "." : path), next: null }
    }),
    route("readFile", async ({ body }) => {
      const { workspace, path } = await find(body)
      return show(body.path, await workspace.read(path))
    }),
    route("writeFile", async ({ body }) => {
      const { workspace, path } = await find(body)
      if (body.ifDigest !== undefined) {
        const now = (await workspace.exists(path)) ? digest(await workspace.read(path)) : ""
        if (now !== body.ifDigest)
          throw new AuraError(
            "conflict",
            "The file has changed since it was read. Load it again and join the changes.",
          )
      }
      await workspace.write(path, body.content)
      return show(body.path, body.content)
    }),
  ]
}

/** What the commands of agents and checks are doing, and what they printed. */
export function commandRoutes({ aura, custody }: Host): BoundRoute[] {
  const rootOf = async (id: string) => (await projects.get(aura, id)).workspacePath
  return [
    route("listCommands", async ({ params }) => ({
      items: custody
        .list(await rootOf(params.p))
        .map((one) => ({ ...one, startedAt: new Date(one.startedAt).toISOString() })),
      next: null,
    })),
    route("getOutput", async ({ params, query }) => {
      const part = await custody.readOutput(await rootOf(params.p), params.name, query.from)
      return { ...part, text: aura.redactor.text(part.text) }
    }),
  ]
}

export function terminalRoutes({ aura, terminals }: Host): BoundRoute[] {
  return [
    route("listTerminals", async () => ({ items: terminals.list(), next: null })),
    route("createTerminal", async ({ body }) => {
      const project = body?.projectId ? await projects.get(aura, body.projectId) : undefined
      const cwd = project?.workspacePath ?? process.env.HOME ?? "/"
      return await terminals.create({
        projectId: project?.id ?? null,
        cwd,
        cols: body?.cols ?? 100,
        rows: body?.rows ?? 30,
      })
    }),
    route("removeTerminal", async ({ params }) => terminals.remove(params.id)),
  ]
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}
