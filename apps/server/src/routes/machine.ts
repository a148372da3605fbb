/** Events, commands that run, and terminals. */
import { AuraError } from "@aura/core"
import { projects } from "@aura/domain"
import type { Host } from "../host.ts"
import { type BoundRoute, route, streamRoute } from "../route.ts"
import { streamEvents } from "../streams.ts"

export function eventRoutes(host: Host): BoundRoute[] {
  return [
    streamRoute("streamEvents", async ({ query, login, caller }, request, reply) => {
      await streamEvents(host, request, reply, {
        caller,
        login,
        after: query.after,
        projectId: query.project,
      })
    }),
  ]
}

/** What the commands of agents and checks are doing, and what they printed. */
export function commandRoutes({ aura, custody }: Host): BoundRoute[] {
  return [
    route("listCommands", async ({ params }) => ({
      items: custody.list((await projects.get(aura, params.p)).id).map((one) => ({
        ...one,
        command: aura.redactor.text(one.command),
        startedAt: new Date(one.startedAt).toISOString(),
      })),
      next: null,
    })),
    route("getOutput", async ({ params, query }) => {
      const { workspacePath } = await projects.get(aura, params.p)
      const part = await custody.readOutput(workspacePath, params.name, query.from)
      return { ...part, text: aura.redactor.text(part.text) }
    }),
  ]
}

export function terminalRoutes({ aura, engine, terminals }: Host): BoundRoute[] {
  return [
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
  ]
}
