/** Agents, their sessions, and the chat with them. */
import { withoutHeldOut } from "@aura/core"
import { agents, projects, sessions } from "@aura/domain"
import { chat } from "@aura/engine"
import type { Host } from "../host.ts"
import { readPage, toPage } from "../page.ts"
import { type BoundRoute, route, streamRoute } from "../route.ts"
import { streamEvents } from "../streams.ts"

export function agentRoutes(host: Host): BoundRoute[] {
  const { aura, engine } = host
  return [
    route("listAgents", ({ query }) => readPage(query, (page) => agents.list(aura, page))),
    route("createAgent", ({ body }) => agents.create(aura, body)),
    route("getAgent", ({ params }) => agents.get(aura, params.a)),
    route("updateAgent", ({ params, body }) => agents.update(aura, params.a, body)),
    route("removeAgent", ({ params }) => agents.remove(aura, params.a)),
    route("listInstances", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return await readPage(query, (page) => agents.listInstances(aura, params.p, page))
    }),
    route("createInstance", ({ params, body }) => agents.createInstance(aura, params.p, body)),
    route("getInstance", ({ params }) => agents.getInstance(aura, params.p, params.i)),
    route("updateInstance", ({ params, body }) => agents.updateInstance(aura, params.p, params.i, body)),
    route("removeInstance", ({ params }) => agents.removeInstance(aura, params.p, params.i)),
    route("listSessions", async ({ params, query }) => {
      await agents.getInstance(aura, params.p, params.i)
      return await readPage(query, (page) => sessions.listByInstance(aura, params.i, page))
    }),
    route("getSession", ({ params }) => sessions.get(aura, params.p, params.s)),
    route("listEntries", async ({ params, query }) => {
      const session = await sessions.get(aura, params.p, params.s)
      return await readPage(query, async (page) => {
        const entries = await sessions.pageOfEntries(aura, session.id, page)
        return query.withheld === "shown" ? entries : entries.map(withoutHeldOut)
      })
    }),
    route("listMessages", async ({ params, query }) =>
      toPage(await chat.listMessages(engine, params.p, params.i), query),
    ),
    route("sendMessage", ({ params, body }) => chat.sendMessage(engine, params.p, params.i, body)),
    streamRoute("sendMessageStream", async ({ params, body, login, caller }, request, reply) => {
      const after = aura.store.head
      const message = await chat.sendMessage(engine, params.p, params.i, body)
      // An answer that has already ended is replayed from the stored events.
      const until = engine.running.get(chat.key(params.i))?.finished ?? Promise.resolve()
      const wants = (event: object) => JSON.stringify(event).includes(message.sessionId)
      await streamEvents(host, request, reply, {
        caller,
        login,
        after,
        projectId: params.p,
        wants,
        until,
      })
    }),
  ]
}
