/**
 * Models of the other providers: one streamed reply, asked for until it comes. The official SDKs give the types only: their
 * retries, waits and stream readers would stand against Aura's own, and they send what they find in variables such as
 * OPENAI_ORG_ID to any server.
 */
import { type ProviderId, providers, toMessage } from "@aura/core"
import { type Attempt, runAttempts, type StreamedEvent, sleep as sleepOnTimer } from "./attempts.ts"
import { findModel } from "./catalog.ts"
import {
  type Answer,
  type ClientOptions,
  createAttempt,
  elapsed,
  isHeaderText,
  readAnswer,
} from "./client.ts"
import { fetchLean } from "./fetch.ts"
import { createGeminiReader } from "./gemini/reply.ts"
import { encodeGemini, pathOf } from "./gemini/request.ts"
import { type Json, parseObject } from "./json.ts"
import { listen } from "./listen.ts"
import type { Failure, ModelRequest, Provider } from "./model.ts"
import { readModelList } from "./model-list.ts"
import { isPage, rootMessage } from "./network.ts"
import { createAdapter } from "./openai/adapt.ts"
import { type Asked, createChatReader, done, type ReplyReader } from "./openai/chat-reply.ts"
import { type Encoding, encodeChat, estimate } from "./openai/chat-request.ts"
import { isError, readFailedAnswer, readFault } from "./openai/fault.ts"
import { createResponsesReader } from "./openai/responses-reply.ts"
import { encodeResponses } from "./openai/responses-request.ts"
import { type Fault, kindOf, patientPolicy, toFailure } from "./policy.ts"
import { isOwnMachine } from "./proxy.ts"
import type { ServerSentEvent } from "./sse.ts"

export type ProviderOptions = ClientOptions & { provider: Exclude<ProviderId, "anthropic"> }

/** How an API is spoken. */
type Wire = {
  path(model: string): string
  encode(request: ModelRequest, encoding: Encoding): string
  createReader(asked: Asked): ReplyReader
  /** A reply that came whole, as an event. */
  toEvent(body: Json): Json
}

const wires: Record<Encoding["api"], Wire> = {
  chat: {
    path: () => "/chat/completions",
    encode: encodeChat,
    createReader: createChatReader,
    toEvent: (body) => body,
  },
  responses: {
    path: () => "/responses",
    encode: encodeResponses,
    createReader: createResponsesReader,
    toEvent: (response) => ({ type: "response.completed", response }),
  },
  gemini: { path: pathOf, encode: encodeGemini, createReader: createGeminiReader, toEvent: (body) => body },
}

/** The longest wait for the first sign of a reply. A machine of one's own may read a long prompt for many minutes. */
const patienceMs = 5 * 60_000
const ownPatienceMs = 30 * 60_000
const checkMs = 15_000
const longestAnswer = 8_000_000
const maxRebuilds = 8

export function createProvider(options: ProviderOptions): Provider {
  const { provider, now, random, sleep = sleepOnTimer } = options
  const policy = { ...patientPolicy, ...options.policy }
  const apiKey = options.apiKey ?? ""
  const entered = toBaseUrl(provider, options.baseUrl || providers[provider].address)
  const address = entered.replace(/\/responses$/, "")
  const obstacle = findObstacle(options, address)
  const isLocal = URL.canParse(address) && isOwnMachine(new URL(address))
  const stallMs = options.stallMs ?? (isLocal ? ownPatienceMs : 90_000)
  const host = URL.canParse(address) ? new URL(address).host : address
  const find = options.findModel ?? findModel
  const isOwn = address === providers[provider].address
  const speaksResponses = provider === "openai" && (isOwn || entered !== address)
  const speaksGemini = provider === "gemini" && !address.endsWith("/openai")
  const api = speaksGemini ? "gemini" : speaksResponses ? "responses" : "chat"
  const adapter = createAdapter(provider, isOwn, api, find)
  const headers = {
    "content-type": "application/json",
    ...(apiKey !== "" &&
      (speaksGemini ? { "x-goog-api-key": apiKey } : { authorization: `Bearer ${apiKey}` })),
    ...(provider === "openrouter" && { "x-title": "Aura" }),
  }

  async function* ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<StreamedEvent, Answer> {
    const startedAt = elapsed()
    const call = new AbortController()
    const hangUp = () => call.abort()
    signal.addEventListener("abort", hangUp, { once: true })
    const patience = setTimeout(hangUp, isLocal ? ownPatienceMs : patienceMs)
    let isOver = false
    try {
      const encoding = adapter.encoding(request)
      const wire = wires[encoding.api]
      const body = wire.encode(request, encoding)
      const response = await fetchLean(`${address}${wire.path(request.model)}`, {
        method: "POST",
        headers,
        body,
        signal: call.signal,
      }).catch((error: unknown) => (call.signal.aborted ? "no answer came in time" : rootMessage(error)))
      clearTimeout(patience)
      if (typeof response === "string") return { fault: { message: response } }
      if (!response.ok) return { fault: await readFailedAnswer(response) }
      if (isPage(response.headers)) return { fault: { status: 200, isPage: true, message: "a web page" } }
      const requestId = response.headers.get("x-request-id")
      const reader = wire.createReader({
        provider,
        model: request.model,
        facts: encoding.facts,
        promptTokens: estimate(body),
      })
      const silence = {
        stallMs,
        patienceMs: Math.max(isLocal ? ownPatienceMs : patienceMs, stallMs),
        now: elapsed,
        hangUp,
        read: readChunks,
      }
      const heard = isJson(response.headers)
        ? readWhole(await response.text().catch(() => ""), wire)
        : listen(response, silence, reader.isOver)
      const answer = yield* readAnswer(heard, reader, { startedAt, requestId })
      isOver = "reply" in answer
      return answer
    } catch (error) {
      return { fault: { status: 400, message: toMessage(error) } }
    } finally {
      clearTimeout(patience)
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
      learn: (fault) =>
        ["bad_request", "too_long", "not_allowed"].includes(kindOf(fault))
          ? adapter.learn(request, fault)
          : undefined,
      toFailure: (fault) => toFailure(fault, { model: request.model, host, nowMs: now(), provider }),
    })

  const get = async (path: string, signal: AbortSignal) =>
    await fetchLean(`${address}${path}`, {
      headers,
      signal: AbortSignal.any([signal, AbortSignal.timeout(checkMs)]),
    })

  return {
    stream: (request, signal) => runAttempts(toAttempt(request), { now, random, sleep, policy }, signal),
    async listModels(signal) {
      if (obstacle) return undefined
      try {
        const response = await get(speaksGemini ? "/models?pageSize=1000" : "/models", signal)
        const text = await response.text()
        return response.ok && text.length < longestAnswer ? readModelList(text, provider) : undefined
      } catch {
        return undefined
      }
    },
    async checkKey(signal) {
      if (obstacle) return "unchecked"
      try {
        // OpenRouter gives its list of models to anybody.
        const response = await get(provider === "openrouter" ? "/key" : "/models", signal)
        const { ok, status } = response
        await response.body?.cancel()
        if (isPage(response.headers)) return "unchecked"
        const refusals = speaksGemini ? [400, 401, 403] : [401, 403]
        return ok ? "valid" : refusals.includes(status) ? "invalid" : "unchecked"
      } catch {
        return "unchecked"
      }
    },
  }
}

/**
 * Without a slash at the end. An address of OpenAI's kind that ends with `/responses` speaks that API; Ollama's address comes as its own programs take it; where a path is missing it is that of
 * nearly all servers.
 */
export function toBaseUrl(provider: ProviderId, text: string): string {
  const plain = text.trim().replace(/(?<!\/)\/+$/, "")
  if (provider === "openai") return /^https?:\/\/[^/]+$/.test(plain) ? `${plain}/v1` : plain
  if (provider !== "ollama") return plain
  const url = plain.includes("://") ? plain : `http://${plain}`
  if (!URL.canParse(url)) return plain
  const parsed = new URL(url)
  if (parsed.hostname === "0.0.0.0") parsed.hostname = "127.0.0.1"
  if (parsed.port === "" && !plain.includes("://")) parsed.port = "11434"
  const path = parsed.pathname.replace(/(?<!\/)\/+$/, "")
  return `${parsed.origin}${path === "" ? "/v1" : path}`
}

function findObstacle({ provider, refusal, apiKey }: ProviderOptions, address: string): Failure | undefined {
  const { name, keyName, addressName, needsKey, address: own } = providers[provider]
  if (refusal) return { kind: "auth", message: refusal }
  if (!URL.canParse(address))
    return {
      kind: "not_allowed",
      message: `${address} is no address of a server. Correct ${addressName}, then resume.`,
    }
  if (apiKey && !isHeaderText(apiKey))
    return {
      kind: "auth",
      message: `The API key for ${name} holds blanks or characters no key has. Enter it again in Settings or correct ${keyName}.`,
    }
  if (!apiKey && needsKey && address === own)
    return {
      kind: "auth",
      message: `There is no API key for ${name}. Enter one in Settings or set ${keyName}, then resume.`,
    }
  return undefined
}

function isJson(headers: Headers): boolean {
  return /\bapplication\/json\b/i.test(headers.get("content-type") ?? "")
}

/** Some servers answer with a 200 and an error, and some do not stream. */
function* readWhole(text: string, { toEvent }: Wire): Generator<{ events: Json[] } | { fault: Fault }> {
  const body = parseObject(text)
  if (!body) return yield { fault: { message: "it sent something that is no JSON" } }
  yield isError(body) ? { fault: readFault(body) } : { events: [toEvent(body), done] }
}

function readChunks(sent: ServerSentEvent[]): { events: Json[]; fault?: Fault } {
  const events: Json[] = []
  for (const { data } of sent) {
    const text = data.trim()
    if (text === "[DONE]") {
      events.push(done)
      continue
    }
    const parsed = parseObject(text)
    if (!parsed) return { events, fault: { message: "it sent something that is no JSON" } }
    if (isError(parsed)) return { events, fault: readFault(parsed) }
    events.push(parsed)
  }
  return { events }
}
