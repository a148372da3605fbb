/** Event streams over plain HTTP (`text/event-stream`). */
import { type AuraEvent, isStored, type LiveEvent } from "@aura/core"
import type { auth } from "@aura/domain"
import type { FastifyReply, FastifyRequest } from "fastify"
import { follow } from "./follow.ts"
import type { Host } from "./host.ts"
import { endWith } from "./login-end.ts"

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
    /** The stream ends with it. */
    login: auth.Login | undefined
    after?: number | undefined
    projectId?: string | undefined
    until?: Promise<void>
    wants?: (event: AuraEvent | LiveEvent) => boolean
  },
): Promise<void> {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    ...corsOf(host, request),
  })
  raw.write(": aura\n\n")
  const left = Promise.withResolvers<void>()
  request.raw.socket.once("close", left.resolve)
  const release = options.login ? endWith(host.aura, options.login, () => left.resolve()) : () => undefined
  const wants = options.wants ?? (() => true)
  const following = await follow(host, options, (event) => {
    if (raw.writableEnded || !wants(event)) return
    raw.write(
      isStored(event)
        ? `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`
        : `data: ${JSON.stringify(event)}\n\n`,
    )
  })
  const heartbeat = setInterval(() => raw.write(": still here\n\n"), heartbeatMs)
  await Promise.race([left.promise, ...(options.until ? [options.until] : [])])
  clearInterval(heartbeat)
  release()
  following.stop()
  raw.end()
}

/** A hijacked reply has no headers of the hooks; the allowed origin is named here. */
function corsOf(host: Host, request: FastifyRequest): Record<string, string> {
  const { origin } = request.headers
  return origin && host.allowedOrigins.has(origin)
    ? { "access-control-allow-origin": origin, vary: "origin" }
    : {}
}
