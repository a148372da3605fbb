/** The way to the provider: the official SDK, loaded when it is first needed, without its retries. */
import type Anthropic from "@anthropic-ai/sdk"
import { toMessage } from "@aura/core"
import { fetchLean } from "../fetch.ts"
import type { Fault } from "../policy.ts"

export type Answer = { response: Response } | { fault: Fault }

export type Connection = {
  post(path: string, body: Uint8Array, headers: Record<string, string>, signal: AbortSignal): Promise<Answer>
  get(path: string, timeoutMs: number, signal: AbortSignal): Promise<Answer>
}

export const anthropicUrl = "https://api.anthropic.com"

/** @param patienceMs the longest wait for the head of an answer */
export function createConnection(apiKey: string, baseUrl: string, patienceMs: number): Connection {
  let loading: Promise<{ client: Anthropic; toFault: (error: unknown) => Fault }> | undefined

  const load = async () => {
    const sdk = await import("@anthropic-ai/sdk")
    const client = new sdk.Anthropic({
      apiKey,
      baseURL: baseUrl,
      maxRetries: 0,
      timeout: patienceMs,
      logLevel: "off",
      openTelemetry: false,
      fetch: fetchLean,
      // The SDK sends the key as a bearer token; many servers that speak this API only know the older header.
      defaultHeaders: baseUrl === anthropicUrl ? {} : { "x-api-key": apiKey },
    })
    const toFault = (error: unknown): Fault =>
      error instanceof sdk.APIError && typeof error.status === "number"
        ? {
            status: error.status,
            type: error.type ?? undefined,
            code: error.errorCode ?? undefined,
            message: error.apiMessage ?? error.message,
            retryAfter: retryAfterOf(error.headers),
            date: error.headers?.get("date") ?? undefined,
            location: error.headers?.get("location") ?? undefined,
            isPage: isPage(error.headers),
            requestId: error.requestID ?? undefined,
          }
        : { message: rootMessage(error) }
    return { client, toFault }
  }

  const send = async (call: (client: Anthropic) => Promise<Response>): Promise<Answer> => {
    loading ??= load()
    const { client, toFault } = await loading
    try {
      return { response: await call(client) }
    } catch (error) {
      return { fault: toFault(error) }
    }
  }

  return {
    post: (path, body, headers, signal) =>
      send((client) =>
        client
          .post(path, { body, signal, headers: { "content-type": "application/json", ...headers } })
          .asResponse(),
      ),
    get: (path, timeoutMs, signal) =>
      send((client) => client.get(path, { signal, timeout: timeoutMs }).asResponse()),
  }
}

/** Where both are given, `retry-after-ms` is the exact one. */
function retryAfterOf(headers: Headers | undefined): string | undefined {
  const ms = headers?.get("retry-after-ms")?.trim() ?? ""
  if (/^\d+(\.\d+)?$/.test(ms)) return String(Number(ms) / 1000)
  return headers?.get("retry-after") ?? undefined
}

/** No Messages API answers with a web page. */
export function isPage(headers: Headers | undefined): boolean {
  return /\bx?html\b/i.test(headers?.get("content-type") ?? "")
}

/** The innermost reason: "fetch failed" alone helps nobody. */
export function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return toMessage(error)
  if (error.cause instanceof Error) return rootMessage(error.cause)
  const code = "code" in error ? String(error.code) : ""
  return code === "ECONNRESET" ? "the connection broke off" : error.message || code || error.name
}
