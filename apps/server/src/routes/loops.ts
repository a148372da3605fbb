/** The loop: started and stopped, commented on, followed and found again. */
import { comments, log, loops, projects, search } from "@aura/domain"
import { pauseLoop, resumeLoop, skipTask, startLoop, stopLoop } from "@aura/engine"
import type { Host } from "../host.ts"
import { readPage } from "../page.ts"
import { type BoundRoute, route, streamRoute } from "../route.ts"
import { streamEvents } from "../streams.ts"

export function loopRoutes(host: Host): BoundRoute[] {
  const { aura, engine } = host
  return [
    route("startLoop", ({ params, body }) => startLoop(engine, params.p, { instanceId: body?.instanceId })),
    route("pauseLoop", ({ params, body }) => pauseLoop(engine, params.p, body ?? {})),
    route("resumeLoop", ({ params, body }) => resumeLoop(engine, params.p, body ?? {})),
    route("skipTask", ({ params, body }) => skipTask(engine, params.p, body ?? {})),
    route("stopLoop", ({ params, body }) => stopLoop(engine, params.p, body ?? {})),
    route("getLoop", async ({ params }) => {
      await projects.get(aura, params.p)
      return await loops.getState(aura, params.p)
    }),
    route("listComments", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return await readPage(query, (page) => comments.list(aura, params.p, page))
    }),
    route("createComment", ({ params, body }) => comments.create(aura, params.p, body)),
    route("removeComment", ({ params }) => comments.remove(aura, params.p, params.c)),
    streamRoute("streamEvents", async ({ query, login, caller }, request, reply) => {
      await streamEvents(host, request, reply, {
        caller,
        login,
        after: query.after,
        projectId: query.project,
      })
    }),
    route("listLog", ({ query }) => log.list(aura, query)),
    route("searchLog", ({ query }) => log.search(aura, query)),
    route("search", async ({ query }) => ({ items: await search.find(aura, query.q, query.project) })),
  ]
}
