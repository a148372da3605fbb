/** Claude over the network: one streamed reply, asked for until it comes. */
import { toMessage } from "@aura/core"
import { type Attempt, runAttempts, type StreamedEvent, sleep as sleepOnTimer } from "../attempts.ts"
import { findModel } from "../catalog.ts"
import {
  type Answer,
  type ClientOptions,
  createAttempt,
  elapsed,
  isHeaderText,
  readAnswer,
} from "../client.ts"
import { listen } from "../listen.ts"
import { countChars } from "../media.ts"
import type { Failure, ModelRequest, Provider } from "../model.ts"
import { readModelList } from "../model-list.ts"
import { isPage } from "../network.ts"
import { kindOf, patientPolicy, toFailure } from "../policy.ts"
import { createAdapter } from "./adapt.ts"
import { anthropicUrl, createConnection } from "./connection.ts"
import { createLimits } from "./limits.ts"
import { createReplyReader } from "./reply.ts"
import { betasOf, encodeRequest } from "./request.ts"

const lastSlashes = /(?<!\/)\/+$/

/** The longest wait for the first sign of a reply, and for more than signs of life in it. */
const patienceMs = 5 * 60_000
const checkMs = 15_000
const longestList = 4_000_000
/** How often a refused request is built anew: once for each thing a server may refuse. */
const maxRebuilds = 6

export function createClaude(options: ClientOptions): Provider {
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

  const find = options.findModel ?? findModel
  const adapter = createAdapter(find)
  const limits = createLimits()

  async function* ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<StreamedEvent, Answer> {
    const startedAt = elapsed()
    let isOver = false
    const call = new AbortController()
    const hangUp = () => call.abort()
    signal.addEventListener("abort", hangUp, { once: true })
    try {
      const encoding = adapter.encoding(request)
      const betas = betasOf(encoding.facts, encoding.without)
      const answer = await connection.post(
        "/v1/messages",
        encodeRequest(request, encoding),
        betas.length > 0 ? { "anthropic-beta": betas.join(",") } : {},
        call.signal,
      )
      if ("fault" in answer) return answer
      const { headers } = answer.response
      limits.note(headers, now())
      if (isPage(headers)) return { fault: { status: 200, isPage: true, message: "a web page" } }
      const requestId = headers.get("request-id")
      const reader = createReplyReader(request.model, find)
      const silence = { stallMs, patienceMs: Math.max(patienceMs, stallMs), now: elapsed, hangUp }
      const heard = listen(answer.response, silence, reader.isComplete)
      const read = yield* readAnswer(heard, reader, { startedAt, requestId })
      isOver = "reply" in read
      return read
    } catch (error) {
      return { fault: { status: 400, message: toMessage(error) } }
    } finally {
      signal.removeEventListener("abort", hangUp)
      if (!isOver) hangUp()
    }
  }

  const toAttempt = (request: ModelRequest): Attempt =>
    createAttempt({
      obstacle,
      apiKey,
      maxRebuilds,
      ask: (signal) => ask(request, signal),
      learn: (fault) => (kindOf(fault) === "bad_request" ? adapter.learn(request, fault) : undefined),
      toFailure: (fault) => toFailure(fault, { model: request.model, host: hostOf(baseUrl), nowMs: now() }),
    })

  return {
    async *stream(request, signal) {
      const wait = limits.waitFor(newTokens(request), now())
      if (wait && policy.attempts > 1) {
        yield { type: "waiting", reason: wait.reason, untilMs: now() + wait.ms, attempt: 0 }
        await sleep(wait.ms, signal)
      }
      yield* runAttempts(toAttempt(request), { now, random, sleep, policy }, signal)
    },
    async listModels(signal) {
      if (obstacle) return undefined
      const answer = await connection.get("/v1/models?limit=1000", checkMs, signal)
      if (!("response" in answer)) return undefined
      const { status, headers } = answer.response
      if (status !== 200 || isPage(headers)) {
        await answer.response.body?.cancel()
        return undefined
      }
      const text = await answer.response.text().catch(() => "")
      return text.length > longestList ? undefined : readModelList(text)
    },
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
  if (!isHeaderText(apiKey)) {
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

/** About how many tokens a request holds that no cache can answer: what came after the last reply. */
function newTokens({ messages }: ModelRequest): number {
  const last = messages.findLastIndex(({ role }) => role === "assistant")
  return Math.ceil(countChars(messages.slice(last + 1)) / 4)
}
