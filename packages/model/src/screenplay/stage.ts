/** Plays a screenplay: takes the body of a request, says what goes back. The server and the twin share it. */
import { createHash } from "node:crypto"
import { findModel } from "../catalog.ts"
import { type Json, textOf } from "../json.ts"
import { findCue } from "./answer.ts"
import { toUsage } from "./billing.ts"
import { createCache } from "./cache.ts"
import type { Dialect } from "./dialect.ts"
import { toMessage } from "./events.ts"
import { readMoment } from "./match.ts"
import { messagesApi } from "./messages.ts"
import type { Fault, Screenplay, ScriptedReply } from "./screenplay.ts"
import { signThought } from "./thoughts.ts"

/** What may happen to an answer after its head went out. */
export type Mishap =
  | { kind: "drop" | "truncate"; after: number }
  | { kind: "stall"; ms: number }
  | { kind: "error"; type: string; message: string }

export type Refusal = {
  kind: "refusal"
  status: number
  type: string
  message: string
  retryAfterSecs?: number | undefined
}

export type Answer = {
  kind: "answer"
  body: Json
  events: Json[]
  isStreamed: boolean
  headers: Record<string, string>
  mishap?: Mishap
}

export type Stage = {
  /**
   * @param pieceChars into pieces of how many characters text and tool inputs are cut
   * @param betas the feature flags of the request
   */
  perform(body: string, pieceChars: number, betas: readonly string[]): Refusal | Answer
}

export type StageOptions = {
  /** The window `usage.share` is a share of; else the model table's. */
  contextWindow?: number | undefined
  /** Milliseconds since 1970: how old what is cached is. */
  now?: (() => number) | undefined
  /** Anthropic's by default. */
  dialect?: Dialect | undefined
}

export function createStage(screenplay: Screenplay, options: StageOptions = {}): Stage {
  const cache = createCache(options.now ?? Date.now)
  const { dialect = messagesApi } = options
  /** How often each fault was delivered, by the place of its reply. */
  const delivered = new Map<string, number>()

  const nextFault = ({ fault }: ScriptedReply, place: string): Fault | undefined => {
    if (!fault || "malformed" in fault) return fault
    const before = delivered.get(place) ?? 0
    if (before >= fault.times) return undefined
    delivered.set(place, before + 1)
    return fault
  }

  return {
    perform(body, pieceChars, betas) {
      const read = dialect.read(body, betas, options.contextWindow)
      if ("violation" in read) return invalid(read.violation, read.status)
      const { request } = read
      const cue = findCue(screenplay, readMoment(request))
      if ("unexpected" in cue) return invalid(cue.unexpected)
      const { reply, place } = cue
      const fault = nextFault(reply, place)
      if (fault && "status" in fault) {
        const { status, retryAfterSecs } = fault
        const type = fault.type ?? typeOf(status)
        return {
          kind: "refusal",
          status,
          type,
          message: fault.message ?? type.replaceAll("_", " "),
          retryAfterSecs,
        }
      }
      const model = textOf(request.model)
      const facts = findModel(model)
      const window = options.contextWindow ?? facts.contextWindow
      const usage = toUsage(reply, cache.measure(request, facts), spokenChars(reply), window)
      const sign = (thinking: string) => signThought(request, [], thinking)
      const message = toMessage(reply, model, usage, { seed: toSeed(request), sign })
      const isMalformed = fault !== undefined && "malformed" in fault
      const mishap = fault && toMishap(fault)
      return {
        kind: "answer",
        body: dialect.toBody(message),
        events: dialect.toEvents(message, { pieceChars, isMalformed }),
        isStreamed: request.stream === true,
        headers: reply.headers ?? {},
        ...(mishap && { mishap }),
      }
    },
  }
}

/** How many events of the reply still come before the mishap. */
export function eventsBefore(mishap: Mishap): number {
  if (mishap.kind === "stall") return 1
  return mishap.kind === "error" ? 2 : mishap.after
}

function invalid(message: string, status = 400): Refusal {
  return { kind: "refusal", status, type: typeOf(status), message }
}

function toMishap(fault: Fault): Mishap | undefined {
  if ("drop" in fault) return { kind: "drop", after: fault.drop }
  if ("truncate" in fault) return { kind: "truncate", after: fault.truncate }
  if ("stall" in fault) return { kind: "stall", ms: fault.stall }
  if ("errorEvent" in fault) {
    return { kind: "error", type: fault.errorEvent, message: fault.message ?? fault.errorEvent }
  }
  return undefined
}

const types: Record<number, string> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
}

function typeOf(status: number): string {
  return types[status] ?? (status < 500 ? "invalid_request_error" : "api_error")
}

function spokenChars({ thinking = "", text = "", calls }: ScriptedReply): number {
  return thinking.length + text.length + (calls.length > 0 ? JSON.stringify(calls).length : 0)
}

/** Ids must differ within a conversation, and be the same when it is played again. */
function toSeed({ messages }: Json): string {
  const list = Array.isArray(messages) ? messages : []
  const start = createHash("sha256")
    .update(JSON.stringify(list[0] ?? ""))
    .digest("hex")
    .slice(0, 12)
  return `${start}${list.length}`
}
