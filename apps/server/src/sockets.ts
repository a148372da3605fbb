/** The sockets: `/ws/events` brings facts down, `/ws/terminal/:id` carries a shell, `/ws/commands/:id` shows a command. */
import { AuraError } from "@aura/core"
import { auth } from "@aura/domain"
import type { FastifyInstance, FastifyRequest } from "fastify"
import type { WebSocket } from "ws"
import { z } from "zod"
import { follow } from "./follow.ts"
import { braked, checkReach, endWithReach } from "./guard.ts"
import type { Host } from "./host.ts"
import { endWith } from "./login-end.ts"
import { endTerminal, serveCommand, serveTerminal } from "./terminal-sockets.ts"

const EventsQuery = z.object({
  token: z.string().optional(),
  after: z.coerce.number().int().min(0).optional(),
  project: z.string().optional(),
})
const Named = z.object({ id: z.string() })
/** Beyond this, live text is dropped for a slow client; stored events are not. */
const slowBytes = 8 * 1024 * 1024
/** Beyond this, a client is cut off and may come back with its last `seq`. */
const stuckBytes = 64 * 1024 * 1024

export function isSocketPath(url: string): boolean {
  return /^\/ws\/(events|(terminal|commands)\/[^/?]+)(\?|$)/.test(url)
}

export function registerSockets(app: FastifyInstance, host: Host): void {
  app.get(
    "/ws/events",
    {
      websocket: true,
      onRequest: (request) => admit(host, request, "token or ticket"),
      schema: { hide: true },
    },
    (socket, request) => {
      void serveEvents(host, socket, request)
    },
  )
  app.get(
    "/ws/terminal/:id",
    {
      websocket: true,
      onRequest: async (request) => {
        await admit(host, request, "ticket")
        await checkReach(host, request, admitted.get(request), "terminals")
      },
      schema: { hide: true },
    },
    (socket, request) => {
      socket.once("close", endWithLogin(host, socket, request))
      const end = (why: string) => endTerminal(socket, why)
      socket.once("close", endWithReach(host, request, admitted.get(request), "terminals", end))
      serveTerminal(host, socket, Named.parse(request.params).id)
    },
  )
  app.get(
    "/ws/commands/:id",
    {
      websocket: true,
      // Reading what an agent's command prints is no more than reading its session: also over the network.
      onRequest: (request) => admit(host, request, "ticket"),
      schema: { hide: true },
    },
    (socket, request) => {
      socket.once("close", endWithLogin(host, socket, request))
      serveCommand(host, socket, Named.parse(request.params).id)
    },
  )
}

const admitted = new WeakMap<FastifyRequest, auth.Login>()

/**
 * A socket comes with a one-use ticket in its query; for events a token does too, since a script has no other place for it.
 * @throws AuraError before the upgrade
 */
async function admit(
  host: Host,
  request: FastifyRequest,
  takes: "ticket" | "token or ticket",
): Promise<void> {
  const query = EventsQuery.safeParse(request.query)
  if (!query.success) throw new AuraError("bad_request", "after must be the number of an event.")
  const given = query.data.token ?? ""
  const login = await braked(host, request, given !== "", async () => {
    const ticketed = await auth.useTicket(host.aura, given)
    if (ticketed) return ticketed
    return await auth.authenticate(host.aura, takes === "ticket" ? undefined : given)
  })
  admitted.set(request, login)
}

async function serveEvents(host: Host, socket: WebSocket, request: FastifyRequest): Promise<void> {
  const { after, project } = EventsQuery.parse(request.query)
  const release = endWithLogin(host, socket, request)
  const alive = keepAlive(socket)
  const following = await follow(host, { after, projectId: project }, (event) => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > stuckBytes) return socket.close(1013, "too slow; come back with the last seq")
    if (socket.bufferedAmount > slowBytes && !("seq" in event)) return
    socket.send(JSON.stringify(event))
  })
  const end = () => {
    following.stop()
    release()
    clearInterval(alive)
  }
  if (socket.readyState === socket.CLOSED) end()
  else socket.once("close", end)
}

/** Closes the socket when its login is ended or runs out. */
function endWithLogin(host: Host, socket: WebSocket, request: FastifyRequest): () => void {
  const login = admitted.get(request)
  return login ? endWith(host.aura, login, (why) => socket.close(4401, why)) : () => undefined
}

/** Pings, and ends connections nobody answers on. */
function keepAlive(socket: WebSocket): NodeJS.Timeout {
  let isAlive = true
  socket.on("pong", () => {
    isAlive = true
  })
  return setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, 30_000).unref()
}
