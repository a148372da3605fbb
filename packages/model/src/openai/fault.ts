/**
 * Reads what went wrong, as each of the servers says it: OpenAI, OpenRouter, vLLM and llama.cpp in `error`, Ollama also as
 * a bare text, Gemini in a list, older versions of vLLM at the top level.
 */
import { isObject, type Json, objectOf, parseObject, textOf } from "../json.ts"
import { isPage, retryAfterOf } from "../network.ts"
import type { Fault } from "../policy.ts"

/** True for a body, or an event of a stream, that is an error whatever the status says. */
export function isError(body: Json): boolean {
  if (body.type === "error" || body.type === "response.failed") return true
  return isObject(body.error) || textOf(body.error) !== "" || body.object === "error"
}

export function readFault(body: Json, status?: number): Fault {
  // The Responses API names what failed in the response it had begun.
  const failed = objectOf(body.response).error
  const error = isObject(failed) ? failed : isObject(body.error) ? body.error : body
  const metadata = objectOf(error.metadata)
  const code = error.code
  const raw = textOf(metadata.raw)
  const words = textOf(error.message) || textOf(body.error) || "it reported an error"
  return {
    status: status ?? toStatus(code),
    type: (error.type === "error" ? "" : textOf(error.type)) || textOf(error.status) || undefined,
    code: textOf(code) || undefined,
    // OpenRouter says "Provider returned error", and there what that provider said.
    message: raw === "" ? words : `${words}: ${raw}`,
    retryAfter: readRetryAfter(error, metadata),
  }
}

function toStatus(code: unknown): number | undefined {
  const status = Number(code)
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined
}

/** Gemini's `retryDelay: "34s"`, OpenRouter's seconds. */
function readRetryAfter({ details }: Json, { retry_after_seconds: seconds }: Json): string | undefined {
  if (typeof seconds === "number") return String(seconds)
  const list = Array.isArray(details) ? details.map(objectOf) : []
  const delay = list.map(({ retryDelay }) => textOf(retryDelay)).find((text) => /^\d+(\.\d+)?s$/.test(text))
  return delay?.slice(0, -1)
}

/** What an answer with a status that is no success says. */
export async function readFailedAnswer(response: Response): Promise<Fault> {
  const { status, headers } = response
  const text = await response.text().catch(() => "")
  const body = parseObject(text) ?? firstOf(text)
  const fault: Fault = body
    ? readFault(body, status)
    : { status, message: text.trim() || response.statusText || "no reason given" }
  return {
    ...fault,
    retryAfter: retryAfterOf(headers) ?? fault.retryAfter,
    date: headers.get("date") ?? undefined,
    location: headers.get("location") ?? undefined,
    isPage: isPage(headers),
    requestId: headers.get("x-request-id") ?? undefined,
  }
}

function firstOf(text: string): Json | undefined {
  return text.trimStart().startsWith("[") ? parseObject(text.trim().slice(1, -1)) : undefined
}
