/** Claude over the network: one streamed reply, asked for until it comes. */
import { toMessage } from "@aura/core"
import { type Attempt, runAttempts, type Sleep, sleep as sleepOnTimer } from "../attempts.ts"
import { findModel } from "../catalog.ts"
import type { Failure, Model, ModelRequest } from "../model.ts"
import { type Fault, patientPolicy, type RetryPolicy, toFailure } from "../policy.ts"
import { anthropicUrl, createConnection, isPage } from "./connection.ts"
import { listen } from "./listen.ts"
import { createReplyReader, joinPieces } from "./reply.ts"
import { bindingBeta, encodeRequest } from "./request.ts"

export type ClaudeOptions = {
  /** Without one, every request fails with `auth`. */
  apiKey: string | null
  /** Any server speaking the Messages API; Anthropic's when absent. */
  baseUrl?: string | null
  /** Why nothing may be sent, for a person; every request then fails with `auth`. */
  refusal?: string | null
  /** Milliseconds since 1970. */
  now: () => number
  /** A number in [0, 1). */
  random: () => number
  sleep?: Sleep
  /** How long a reply may fall silent before it is given up and asked for again. */
  stallMs?: number
  policy?: Partial<RetryPolicy>
}

const lastSlashes = /(?<!\/)\/+$/

/** The longest wait for the first sign of a reply, and for more than signs of life in it. */
const patienceMs = 5 * 60_000
const checkMs = 15_000

/** What is measured, and how long silence lasts, does not depend on a clock that people and networks set. */
const elapsed = () => Math.round(performance.now())

export function createClaude(options: ClaudeOptions): Model {
  const { now, random, sleep = sleepOnTimer, stallMs = 90_000 } = options
  const policy = { ...patientPolicy, ...options.policy }
  const apiKey = options.apiKey ?? ""
  const baseUrl = (options.baseUrl || anthropicUrl)
    .replace(lastSlashes, "")
    .replace(/\/v1$/, "")
    .replace(lastSlashes, "")
  const connection = createConnection(apiKey, baseUrl, patienceMs)
  const { refusal } = options
  const obstacle: Failure | undefined = refusal
    ? { kind: "auth", message: refusal }
    : findObstacle(apiKey, baseUrl)

  const toAttempt = (request: ModelRequest): Attempt =>
    async function* attempt(signal) {
      if (obstacle) return { failure: obstacle }
      const fail = (fault: Fault) => ({
        failure: toFailure(hideKey(fault, apiKey), {
          model: request.model,
          host: hostOf(baseUrl),
          nowMs: now(),
        }),
      })
      const startedAt = elapsed()
      let isOver = false
      const call = new AbortController()
      const hangUp = () => call.abort()
      signal.addEventListener("abort", hangUp, { once: true })
      try {
        const answer = await connection.post(
          "/v1/messages",
          encodeRequest(request),
          findModel(request.model).manners.binds ? { "anthropic-beta": bindingBeta } : {},
          call.signal,
        )
        if ("fault" in answer) return fail(answer.fault)
        if (isPage(answer.response.headers)) return fail({ status: 200, isPage: true, message: "a web page" })
        const requestId = answer.response.headers.get("request-id")
        const reader = createReplyReader(request.model)
        const silence = { stallMs, patienceMs: Math.max(patienceMs, stallMs), now: elapsed, hangUp }
        for await (const heard of listen(answer.response, silence, reader.isComplete)) {
          if ("fault" in heard) return fail({ ...heard.fault, requestId: requestId ?? undefined })
          yield* joinPieces(heard.events.flatMap((event) => reader.take(event) ?? []))
        }
        isOver = true
        if (!reader.isComplete()) return fail({ message: "the reply broke off in the middle" })
        return { reply: reader.finish(elapsed() - startedAt, requestId) }
      } catch (error) {
        return fail({ status: 400, message: toMessage(error) })
      } finally {
        signal.removeEventListener("abort", hangUp)
        if (!isOver) hangUp()
      }
    }

  return {
    stream: (request, signal) => runAttempts(toAttempt(request), { now, random, sleep, policy }, signal),
    async checkKey(signal) {
      if (obstacle) return "unchecked"
      const answer = await connection.get("/v1/models?limit=1", checkMs, signal)
      if ("response" in answer) {
        const { status, headers, body } = answer.response
        await body?.cancel()
        return status === 200 && !isPage(headers) ? "valid" : "unchecked"
      }
      const { status, isPage: isOther } = answer.fault
      return !isOther && (status === 401 || status === 403) ? "invalid" : "unchecked"
    },
  }
}

/** Why no request can go out at all. */
function findObstacle(apiKey: string, baseUrl: string): Failure | undefined {
  if (!URL.canParse(baseUrl)) {
    return {
      kind: "not_allowed",
      message: `${baseUrl} is no address of a server. Correct ANTHROPIC_BASE_URL, then resume.`,
    }
  }
  if (apiKey === "") {
    return {
      kind: "auth",
      message: "There is no API key. Enter one in Settings or set ANTHROPIC_API_KEY, then resume.",
    }
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    return {
      kind: "auth",
      message:
        "The API key holds blanks or characters no key has. Enter it again in Settings or correct ANTHROPIC_API_KEY.",
    }
  }
  return undefined
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
}

function hideKey(fault: Fault, apiKey: string): Fault {
  return apiKey.length < 6 ? fault : { ...fault, message: fault.message.replaceAll(apiKey, "…") }
}
