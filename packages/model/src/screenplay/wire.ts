/** How the scripted provider's answers go over the wire, mishaps included. */
import type { ServerResponse } from "node:http"
import { efforts } from "@aura/core"
import { sleep } from "../attempts.ts"
import { findModel, knownModels } from "../catalog.ts"
import { type Json, textOf } from "../json.ts"
import { type Pace, visibleChars } from "./events.ts"
import { type Answer, eventsBefore, type Refusal } from "./stage.ts"

export function sendModels(response: ServerResponse): void {
  const data = knownModels.map(toModelInfo)
  sendJson(response, 200, {
    data,
    has_more: false,
    first_id: knownModels[0] ?? null,
    last_id: knownModels.at(-1) ?? null,
  })
}

function toModelInfo(id: string): Json {
  const { contextWindow, maxOutput, thinking, alwaysThinks, efforts: levels, endOfLife } = findModel(id)
  const is = (supported: boolean) => ({ supported })
  return {
    type: "model",
    id,
    display_name: id,
    max_input_tokens: contextWindow,
    max_tokens: maxOutput,
    lifecycle: endOfLife === null ? "active" : "deprecated",
    retires_at: endOfLife === null ? null : `${endOfLife}T00:00:00Z`,
    capabilities: {
      effort: {
        ...is(levels.length > 0),
        ...Object.fromEntries(efforts.map((level) => [level, is(levels.includes(level))])),
      },
      thinking: {
        ...is(thinking !== "none"),
        types: {
          adaptive: is(thinking === "adaptive"),
          enabled: is(thinking === "budget"),
          disabled: is(!alwaysThinks),
        },
      },
    },
  }
}

export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const { status, type, message, retryAfterSecs } = refusal
  if (retryAfterSecs !== undefined) response.setHeader("retry-after", String(retryAfterSecs))
  sendError(response, status, type, message)
}

export function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  sendJson(response, status, { ...toError(type, message), request_id: response.getHeader("request-id") })
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
}

function toError(type: string, message: string): Json {
  return { type: "error", error: { type, message } }
}

export async function sendWhole(
  response: ServerResponse,
  { message, headers, mishap }: Answer,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  switch (mishap?.kind) {
    case "error":
      return sendError(response, 500, mishap.type, mishap.message)
    case "drop":
    case "truncate":
      response.destroy()
      return
    case "stall":
      await sleep(mishap.ms, whenClosed(response))
  }
  sendJson(response, 200, message)
}

export async function sendStream(
  response: ServerResponse,
  { events, headers, mishap }: Answer,
  pace: Pace | undefined,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  const closed = whenClosed(response)
  const before = events.slice(0, mishap && eventsBefore(mishap))
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" })
  switch (mishap?.kind) {
    case undefined:
      await play(response, before, pace, closed)
      break
    case "stall":
      await play(response, before, pace, closed)
      await sleep(mishap.ms, closed)
      await play(response, events.slice(before.length), pace, closed)
      break
    case "error":
      response.write(toFrames([...before, toError(mishap.type, mishap.message)]))
      break
    case "truncate":
      response.write(toFrames(before))
      break
    case "drop":
      response.write(`:\n\n${toFrames(before)}`, () => response.destroy())
      return
  }
  response.end()
}

async function play(
  response: ServerResponse,
  events: Json[],
  pace: Pace | undefined,
  closed: AbortSignal,
): Promise<void> {
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

function toFrames(events: Json[]): string {
  return events.map((event) => `event: ${textOf(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join("")
}

/** Aborted when the client goes away. */
function whenClosed(response: ServerResponse): AbortSignal {
  const closed = new AbortController()
  response.once("close", () => closed.abort())
  return closed.signal
}
