/** How the scripted provider's answers go over the wire, mishaps included. */
import type { ServerResponse } from "node:http"
import { sleep } from "../attempts.ts"
import type { Json } from "../json.ts"
import type { Dialect } from "./dialect.ts"
import { type Pace, visibleChars } from "./events.ts"
import { type Answer, eventsBefore, type Refusal } from "./stage.ts"

export function sendRefusal(response: ServerResponse, dialect: Dialect, refusal: Refusal): void {
  const { status, type, message, retryAfterSecs } = refusal
  if (retryAfterSecs !== undefined) response.setHeader("retry-after", String(retryAfterSecs))
  sendError(response, dialect, { status, type, message })
}

export function sendError(
  response: ServerResponse,
  dialect: Dialect,
  { status, type, message }: { status: number; type: string; message: string },
): void {
  const body = dialect.toError(type, message, status)
  sendJson(response, status, { ...body, request_id: response.getHeader("request-id") })
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
}

export async function sendWhole(
  response: ServerResponse,
  dialect: Dialect,
  { body, headers, mishap }: Answer,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  switch (mishap?.kind) {
    case "error":
      return sendError(response, dialect, { status: 500, ...mishap })
    case "drop":
    case "truncate":
      response.destroy()
      return
    case "stall":
      await sleep(mishap.ms, whenClosed(response))
  }
  sendJson(response, 200, body)
}

export async function sendStream(
  response: ServerResponse,
  dialect: Dialect,
  { events, headers, mishap }: Answer,
  pace: Pace | undefined,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  const closed = whenClosed(response)
  const toFrames = (some: Json[]) => some.map(dialect.toFrame).join("")
  const play = (some: Json[]) => playFrames(response, some, { toFrames, pace, closed })
  const before = events.slice(0, mishap && eventsBefore(mishap))
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" })
  switch (mishap?.kind) {
    case undefined:
      await play(before)
      break
    case "stall":
      await play(before)
      await sleep(mishap.ms, closed)
      await play(events.slice(before.length))
      break
    case "error":
      response.write(toFrames([...before, dialect.toError(mishap.type, mishap.message, 500)]))
      break
    case "truncate":
      response.write(toFrames(before))
      break
    case "drop":
      response.write(`:\n\n${toFrames(before)}`, () => response.destroy())
      return
  }
  const isWhole = mishap === undefined || mishap.kind === "stall"
  response.end(isWhole ? dialect.ending : "")
}

async function playFrames(
  response: ServerResponse,
  events: Json[],
  how: { toFrames: (events: Json[]) => string; pace: Pace | undefined; closed: AbortSignal },
): Promise<void> {
  const { toFrames, pace, closed } = how
  if (!pace) {
    response.write(toFrames(events))
    return
  }
  for (const event of events) {
    if (closed.aborted) return
    response.write(toFrames([event]))
    const chars = visibleChars(event)
    if (chars > 0) await sleep((chars / pace.charsPerSec) * 1000, closed)
  }
}

/** Aborted when the client goes away. */
function whenClosed(response: ServerResponse): AbortSignal {
  const closed = new AbortController()
  response.once("close", () => closed.abort())
  return closed.signal
}
