/** The sockets: `/ws/events` for events, `/ws/terminal/:id` for a terminal, `/ws/commands/:id` for the output of a command. */
import { AuraError } from "@aura/core"
import { auth } from "@aura/domain"
import type { FastifyInstance, FastifyRequest } from "fastify"
import type { WebSocket } from "ws"
import { z } from "zod"
import { follow } from "./follow.ts"
import { braked, checkReach, endWithReach } from "./guard.ts"
import type { Host } from "./host.ts"
import { endWith } from "./login-end.ts"
import { toCaller } from "./route.ts"
import { endTerminal, type Line, serveCommand, serveTerminal } from "./terminal-sockets.ts"

const EventsQuery = z.object({
  token: z.string().optional(),
  after: z.coerce.number().int().min(0).optional(),
  project: z.string().optional(),
})
const Named = z.object({ id: z.string() })

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
      serveEvents(host, socket, request)
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
      const line = openLine(host, socket, request)
      const end = (why: string) => endTerminal(line, why)
      socket.once("close", endWithReach(host, request, admitted.get(request), "terminals", end))
      serveTerminal(host, line, Named.parse(request.params).id)
    },
  )
  app.get(
    "/ws/commands/:id",
    {
      websocket: true,
      // The output of an agent's command is in its session anyway, so this is allowed over the network.
      onRequest: (request) => admit(host, request, "ticket"),
      schema: { hide: true },
    },
    (socket, request) => {
      serveCommand(host, openLine(host, socket, request), Named.parse(request.params).id)
    },
  )
}

const admitted = new WeakMap<FastifyRequest, auth.Login>()

/**
 * A socket needs a one-time ticket in its query; for events a token works too, because scripts cannot send it otherwise.
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
  host.outlets.reserve(login, request.raw.socket)
  admitted.set(request, login)
}

function serveEvents(host: Host, socket: WebSocket, request: FastifyRequest): void {
  const { after, project } = EventsQuery.parse(request.query)
  const alive = keepAlive(socket)
  const { outlet } = openLine(host, socket, request)
  const caller = toCaller(request, admitted.get(request))
  const following = follow(host, caller, { after, projectId: project }, outlet, (event) =>
    outlet.send(JSON.stringify(event)),
  )
  const end = () => {
    following.stop()
    clearInterval(alive)
  }
  if (socket.readyState === socket.CLOSED) end()
  else socket.once("close", end)
}

/** A socket that closes when its login ends, even if the client does not answer. */
function openLine(host: Host, socket: WebSocket, request: FastifyRequest): Line {
  const outlet = host.outlets.ofSocket(socket, request.raw.socket)
  const login = admitted.get(request)
  if (login)
    socket.once(
      "close",
      endWith(host.aura, login, (why) => outlet.end(4401, why)),
    )
  return { socket, outlet }
}

/** Sends pings, and closes connections that do not answer. */
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
