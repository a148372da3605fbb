/** The way to the provider: the official SDK, loaded when it is first needed, without its retries. */
import type Anthropic from "@anthropic-ai/sdk"
import { fetchLean } from "../fetch.ts"
import { isPage, retryAfterOf, rootMessage } from "../network.ts"
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
