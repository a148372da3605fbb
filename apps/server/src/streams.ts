/** Event streams over plain HTTP (`text/event-stream`). */
import { type AuraEvent, isStored, type LiveEvent } from "@aura/core"
import type { auth, Caller } from "@aura/domain"
import type { FastifyReply, FastifyRequest } from "fastify"
import { follow } from "./follow.ts"
import type { Host } from "./host.ts"
import { endWith } from "./login-end.ts"
import type { Outlet } from "./outlets.ts"

const heartbeatMs = 15_000

/**
 * Answers with events until the client leaves or `until` is settled.
 * @param until when given, the stream ends after it
 */
export async function streamEvents(
  host: Host,
  request: FastifyRequest,
  reply: FastifyReply,
  options: {
    caller: Caller
    /** The stream ends with it. */
    login: auth.Login | undefined
    after?: number | undefined
    projectId?: string | undefined
    until?: Promise<void>
    wants?: (event: AuraEvent | LiveEvent) => boolean
  },
): Promise<void> {
  const stream = openStream(host, request, reply, options.login)
  const wants = options.wants ?? (() => true)
  const following = follow(host, options.caller, options, stream.outlet, (event) => {
    if (wants(event)) stream.send(event, isStored(event) ? event.seq : undefined)
  })
  const finished = options.until?.then(() => following.caughtUp())
  await Promise.race([stream.left, ...(finished ? [finished] : [])])
  following.stop()
  stream.end()
}

/** Streams orders to Aura's window while it is connected. */
export async function streamOrders(
  host: Host,
  request: FastifyRequest,
  reply: FastifyReply,
  login: auth.Login | undefined,
): Promise<void> {
  const stream = openStream(host, request, reply, login)
  const detach = host.windows.attach((order) => {
    if (stream.outlet.isFull()) stream.outlet.end(1013, "too slow")
    else stream.send(order)
  })
  await stream.left
  detach()
  stream.end()
}

type Stream = {
  outlet: Outlet
  send(value: unknown, id?: number): void
  /** Resolves when the client disconnects or its login ends. */
  left: Promise<void>
  end(): void
}

function openStream(
  host: Host,
  request: FastifyRequest,
  reply: FastifyReply,
  login: auth.Login | undefined,
): Stream {
  const { socket } = request.raw
  const seat = login && host.outlets.reserve(login, socket)
  reply.hijack()
  const { raw } = reply
  const outlet = host.outlets.ofResponse(raw, socket)
  raw.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    // The connection closes with the stream.
    connection: "close",
    "x-accel-buffering": "no",
    ...corsOf(host, request),
  })
  outlet.send(": aura\n\n")
  const left = Promise.withResolvers<void>()
  socket.once("close", left.resolve)
  const release = login ? endWith(host.aura, login, () => left.resolve()) : () => undefined
  const heartbeat = setInterval(() => outlet.isFull() || outlet.send(": still here\n\n"), heartbeatMs)
  return {
    outlet,
    left: left.promise,
    send(value, id) {
      const name = id === undefined ? "" : `id: ${id}\n`
      outlet.send(`${name}data: ${JSON.stringify(value)}\n\n`)
    },
    end() {
      clearInterval(heartbeat)
      release()
      seat?.release()
      raw.end()
    },
  }
}

/** A hijacked reply lacks the headers of the hooks, so the CORS headers are set here. */
function corsOf(host: Host, request: FastifyRequest): Record<string, string> {
  const { origin } = request.headers
  return origin && host.allowedOrigins.has(origin)
    ? { "access-control-allow-origin": origin, vary: "origin" }
    : {}
}
