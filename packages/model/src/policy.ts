/** What a failure of the provider means for us, and how long to wait before asking again. */
import { type ProviderId, providers } from "@aura/core"
import type { Failure, FailureKind } from "./model.ts"

/** What is known about a request that brought no reply. */
export type Fault = {
  /** HTTP status; absent when nothing answered or the stream broke. */
  status?: number | undefined
  /** `error.type` of the body, such as `overloaded_error`. */
  type?: string | undefined
  /** `error.details.error_code` of the body, such as `enforced_spend_limit_reached`. */
  code?: string | undefined
  message: string
  /** The `retry-after` header as it came; that of `retry-after-ms` in seconds. */
  retryAfter?: string | undefined
  /** The `date` header: what `retry-after` counts from when it names a date. */
  date?: string | undefined
  /** Where a redirect leads. */
  location?: string | undefined
  /** A web page came: it is not the Messages API that answers. */
  isPage?: boolean | undefined
  requestId?: string | undefined
}

export type RetryPolicy = {
  /** How often a request goes out at most; an outage of hours must not fail a task, so: without end. */
  attempts: number
  /** First wait; each further one is twice as long. */
  firstMs: number
  /** Longest wait of our own choosing. */
  capMs: number
}

export const patientPolicy: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  firstMs: 1000,
  capMs: 5 * 60_000,
}

/** Limits by the day are told as waits of hours; what asks for more than that is taken for a mistake. */
const longestRetryAfterMs = 24 * 60 * 60_000

/** Statuses the API stands for when an error arrives inside a stream, where there is no status line. */
const statusOfType: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
  // OpenAI and the servers that follow it.
  insufficient_quota: 402,
  rate_limit_exceeded: 429,
  requests: 429,
  tokens: 429,
  exceed_context_size_error: 400,
  context_length_exceeded: 400,
  server_error: 500,
}

const aboutMoney =
  /credit balance|insufficient (credit|funds|balance)|spend(ing)? limit|api usage limits|billing/i
const aboutLength =
  /context_length_exceeded|context the overflows|prompt (\(\d{1,12} tokens\) )?(is )?too long|longer than the (maximum model length|model's context)|exceeds?.{0,60}context|context (length|window|limit|size)|too many (input|prompt) tokens|input token count.{0,40}exceeds/i

/** Gemini says it with a 400. */
const aboutKey = /API key (not valid|expired|not found)|API_KEY_INVALID/i

/** Ollama, OpenRouter and vLLM: the model is there, but it cannot call tools. */
const aboutAbility =
  /does not support tools|no endpoints found|support tool (use|calling|choice)|tool choice requires/i

/** How the sign-in page of a network answers: it goes once somebody has signed in. */
const passingInBetween = new Set([200, 302, 303, 307])

export function kindOf(fault: Fault): FailureKind {
  const status = fault.status ?? statusOfType[fault.type ?? ""] ?? statusOfType[fault.code ?? ""]
  // llama.cpp and LM Studio answer so, or break off in the middle.
  if ((status === undefined || status === 500) && aboutLength.test(fault.message)) return "too_long"
  if (status === undefined || status >= 500) return status === 529 ? "overloaded" : "unavailable"
  if (status < 400 || fault.isPage) return passingInBetween.has(status) ? "unavailable" : "not_allowed"
  if (isAboutMoney(fault, status)) return "credit"
  switch (status) {
    case 401:
      return "auth"
    case 403:
      return /model/i.test(fault.message) ? "not_allowed" : "auth"
    case 404:
    case 405:
    case 407:
    case 410:
      return "not_allowed"
    case 408:
    case 409:
    case 425:
      return "unavailable"
    case 413:
      return "too_long"
    case 429:
      return "overloaded"
    default:
      if (status === 400 && aboutKey.test(fault.message)) return "auth"
      if (status === 400 && (aboutLength.test(fault.message) || aboutLength.test(fault.code ?? "")))
        return "too_long"
      return aboutAbility.test(fault.message) ? "not_allowed" : "bad_request"
  }
}

/** A spending limit is announced with many statuses, 429 among them; waiting does not lift it. */
function isAboutMoney(fault: Fault, status: number): boolean {
  if (
    status === 402 ||
    fault.type === "billing_error" ||
    fault.code === "insufficient_quota" ||
    fault.code?.includes("spend_limit")
  )
    return true
  // Gemini names the plan also where a limit by the minute is reached, and then says how long to wait.
  if (fault.type === "RESOURCE_EXHAUSTED" && fault.retryAfter !== undefined) return false
  return (status === 400 || status === 403 || status === 429) && aboutMoney.test(fault.message)
}

/** Whether the same request may succeed later without anybody doing anything. */
export function passes(kind: FailureKind): boolean {
  return kind === "overloaded" || kind === "unavailable"
}

export type About = {
  model: string
  /** Where the request went. */
  host: string
  nowMs: number
  /** Anthropic by default. */
  provider?: ProviderId
}

/** The failure as callers and people see it. */
export function toFailure(fault: Fault, about: About): Failure {
  const kind = kindOf(fault)
  const retryAfterMs = parseRetryAfter(fault.retryAfter, sentAt(fault, about.nowMs))
  return {
    kind,
    message: toSentence(kind, fault, about),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(fault.requestId && { requestId: fault.requestId }),
  }
}

function toSentence(kind: FailureKind, fault: Fault, { model, host, provider = "anthropic" }: About): string {
  const said = quote(fault)
  const { keyName, addressName } = providers[provider]
  const api = apiOf(provider)
  const between = describeBetween(fault, { host, api, addressName })
  if (between) return between
  switch (kind) {
    case "auth":
      return `${host} does not accept the API key (${said}). Enter a valid key in Settings or set ${keyName}, then resume.`
    case "credit":
      return `${host} refuses for lack of credit or because a spending limit is reached (${said}). Add credit or raise the limit, then resume.`
    case "not_allowed":
      return /model/i.test(fault.message) || aboutAbility.test(fault.message)
        ? `The model ${model} cannot be used with this key (${said}). Choose another model in Settings, then resume.`
        : `There is no ${api} at ${host} (${said}). Check ${addressName}, then resume.`
    case "bad_request":
      return `${host} rejects the request as invalid (${said}). This is a fault in Aura: please report it with this sentence.`
    case "too_long":
      return `The conversation does not fit into ${model} any more (${said}). It has to go on in a new session.`
    case "overloaded":
      return fault.status === 429
        ? `The rate limit of ${host} is reached (${said}).`
        : `${host} is overloaded (${said}).`
    default:
      return `No complete answer from ${host} (${said}).`
  }
}

/** What its API is called. */
export function apiOf(provider: ProviderId): string {
  return provider === "anthropic" ? "Messages API" : "OpenAI-compatible API"
}

type Place = { host: string; api: string; addressName: string }

/** What stands between Aura and the API, where something does. */
function describeBetween(
  { status, location, isPage }: Fault,
  { host, api, addressName }: Place,
): string | undefined {
  if (status === 407)
    return "The proxy asks for a name and a password (407). Put them into HTTPS_PROXY (http://name:password@proxy:port), then start Aura again."
  if (status === 511 || (isPage && passingInBetween.has(status ?? 0)))
    return `A web page answers instead of ${host} (${status}): this network may want a sign-in (captive portal). Open a page in a browser and sign in; Aura asks again by itself.`
  if (status !== undefined && status >= 300 && status < 400) {
    const where = location ? originOf(location, host) : "another address"
    return passingInBetween.has(status)
      ? `${host} redirects to ${where} (${status}), and Aura does not take the key there: this network may want a sign-in (captive portal). Sign in; Aura asks again by itself.`
      : `${host} redirects to ${where} (${status}), and Aura does not take the key there. If that is the right server, set ${addressName} to it, then resume.`
  }
  if (isPage && status !== undefined && status < 500)
    return `A web page answers instead of the ${api} at ${host} (${status}): the address is another one, or a proxy or firewall refuses it. Check ${addressName} and the network's rules, then resume.`
  return undefined
}

function originOf(location: string, host: string): string {
  return URL.canParse(location) ? new URL(location).origin : `another path of ${host}`
}

/** Status and the provider's words, short and without anything that looks like a key. */
function quote(fault: Fault): string {
  const words = redact(fault.message).replace(/\s+/g, " ").trim()
  const short = words.length > 300 ? `${words.slice(0, 300)}…` : words
  return [fault.status, short].filter(Boolean).join(": ") || "no reason given"
}

/** Takes out what looks like a key: some gateways repeat it in their answers. */
export function redact(text: string): string {
  return text.replace(/\b(sk-|AIza)[\w-]{4,}/gi, "…").replace(/\bBearer\s+\S+/gi, "Bearer …")
}

/** The server's clock when it answered: a date it names is meant by that clock. */
function sentAt({ date }: Fault, nowMs: number): number {
  const ms = dateOf(date ?? "")
  return Number.isFinite(ms) ? ms : nowMs
}

/** Milliseconds a `retry-after` header asks for, 0 to a day; undefined when it says nothing sensible. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim()
  if (!text) return undefined
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : dateOf(text) - nowMs
  return Number.isFinite(ms) ? Math.min(Math.max(Math.round(ms), 0), longestRetryAfterMs) : undefined
}

/** Only the three forms HTTP knows, all of which name a month; `Date.parse` alone takes almost anything. */
function dateOf(text: string): number {
  const isDate = /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/i.test(text) && /\d\d:\d\d/.test(text)
  // The form of asctime names no zone, and means GMT.
  return isDate ? Date.parse(/GMT|UTC/.test(text) ? text : `${text} GMT`) : Number.NaN
}

/**
 * How long to wait after the n-th attempt failed (n from 1): what the provider asks for, but at least our own
 * growing wait, of which a random half keeps many agents from coming back at one moment.
 */
export function waitMs(
  attempt: number,
  retryAfterMs: number | undefined,
  random: () => number,
  policy: RetryPolicy,
): number {
  const full = Math.min(policy.capMs, policy.firstMs * 2 ** Math.min(attempt - 1, 30))
  return Math.max(retryAfterMs ?? 0, Math.round(full * (0.5 + random() / 2)))
}
