/** The sockets: `/ws/events` brings facts down, `/ws/terminal/:id` carries a shell, `/ws/commands/:id` shows a command. */
import { AuraError } from "@aura/core"
import { auth } from "@aura/domain"
import type { FastifyInstance, FastifyRequest } from "fastify"
import type { WebSocket } from "ws"
import { z } from "zod"
import { follow } from "./follow.ts"
import { braked, checkReach } from "./guard.ts"
import type { Host } from "./host.ts"
import { endWith } from "./login-end.ts"

const EventsQuery = z.object({
  token: z.string().optional(),
  after: z.coerce.number().int().min(0).optional(),
  project: z.string().optional(),
})
const Named = z.object({ id: z.string() })
const TerminalFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("input"), text: z.string().max(1_000_000) }),
  z.object({
    type: z.literal("resize"),
    cols: z.number().int().min(2).max(1000),
    rows: z.number().int().min(2).max(1000),
  }),
  z.object({ type: z.literal("drawn"), length: z.number().int().min(0) }),
])

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
        await checkReach(host, request.raw.socket, "terminals")
      },
      schema: { hide: true },
    },
    (socket, request) => {
      socket.once("close", endWithLogin(host, socket, request))
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

function serveTerminal(host: Host, socket: WebSocket, id: string): void {
  const send = (frame: object) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(frame))
  try {
    const seat = host.terminals.attach(id, {
      onScreen(text) {
        const view = host.terminals.list().find((one) => one.id === id)
        send({ type: "screen", text, cols: view?.cols, rows: view?.rows })
      },
      onOutput: (text) => send({ type: "output", text }),
      onSize: (cols, rows) => send({ type: "size", cols, rows }),
      onExit: (exitCode, reason) => {
        send({ type: "exit", exitCode, ...(reason ? { reason } : {}) })
        socket.close(1000)
      },
      onBehind: () => socket.close(4408, "too slow; attach again"),
    })
    socket.on("message", (raw: Buffer) => {
      const frame = TerminalFrame.safeParse(toJson(raw.toString("utf8")))
      if (!frame.success) return socket.close(4400, "that is no terminal frame")
      try {
        if (frame.data.type === "input") host.terminals.write(id, frame.data.text)
        else if (frame.data.type === "drawn") seat.drawn(frame.data.length)
        else host.terminals.resize(id, frame.data.cols, frame.data.rows)
      } catch {
        // The shell has ended, and nobody has heard of it yet.
        socket.close(4404, "gone")
      }
    })
    socket.once("close", seat.leave)
  } catch (thrown) {
    socket.close(4404, thrown instanceof AuraError ? thrown.message : "gone")
  }
}

/** Read-only: of what a viewer sends only that it has drawn is heard, and nothing of it reaches the command. */
function serveCommand(host: Host, socket: WebSocket, id: string): void {
  const send = (frame: object) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(frame))
  try {
    const { running, watched } = host.custody.find(id)
    const command = host.aura.redactor.text(running.command)
    const seat = watched.watch({
      onScreen: (text) => send({ type: "screen", text, command, by: running.by }),
      onOutput: (text) => send({ type: "output", text }),
      onEnd(ending) {
        send({ type: "exit", ...ending })
        socket.close(1000)
      },
    })
    socket.on("message", (raw: Buffer) => {
      const frame = TerminalFrame.safeParse(toJson(raw.toString("utf8")))
      if (frame.data?.type === "drawn") seat.drawn(frame.data.length)
    })
    socket.once("close", seat.leave)
  } catch (thrown) {
    socket.close(4404, thrown instanceof AuraError ? thrown.message : "gone")
  }
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

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
