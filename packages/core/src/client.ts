/** The HTTP client derived from the API table: one typed function per route that answers JSON. */
import type { z } from "zod"
import type { Api } from "./api.ts"
import { AuraError, type ErrorCode, errorStatus } from "./errors.ts"
import { paths, type RouteName } from "./paths.ts"

type In<R, K extends string> = R extends { [key in K]: infer S extends z.ZodType } ? z.input<S> : undefined
type Part<R, K extends "params" | "query" | "body"> =
  undefined extends In<R, K> ? { [key in K]?: In<R, K> } : { [key in K]: In<R, K> }
/** Where nothing in it has to be there, neither has the query. */
type Query<R> = R extends { query: infer S extends z.ZodType }
  ? Record<never, never> extends z.input<S>
    ? { query?: z.input<S> }
    : { query: z.input<S> }
  : unknown
type Out<R> = R extends { response: infer S extends z.ZodType } ? z.output<S> : void

export type CallInput<N extends RouteName> = Part<Api[N], "params"> & Query<Api[N]> & Part<Api[N], "body">
export type CallOutput<N extends RouteName> = Out<Api[N]>

export type Client = {
  /**
   * Calls one route of the API table.
   * @throws AuraError with the server's code and sentence; `service_unavailable` when it cannot be reached.
   */
  call<N extends RouteName>(
    name: N,
    input: CallInput<N>,
    options?: { signal?: AbortSignal },
  ): Promise<CallOutput<N>>
  /** The raw answer of a route, for event streams. */
  open<N extends RouteName>(
    name: N,
    input: CallInput<N>,
    options?: { signal?: AbortSignal },
  ): Promise<Response>
}

type Loose = { params?: unknown; query?: unknown; body?: unknown }

/**
 * @param baseUrl where the server is, without a slash at the end; "" = the page's own origin
 * @param getToken the Bearer token of the moment, if any
 */
export function createClient(
  baseUrl: string,
  getToken: () => string | undefined | Promise<string | undefined>,
  fetchFn: typeof fetch = fetch,
): Client {
  async function open(name: RouteName, input: Loose, signal?: AbortSignal): Promise<Response> {
    const [method, path] = paths[name]
    const token = await getToken()
    const headers: Record<string, string> = {}
    if (token) headers.authorization = `Bearer ${token}`
    if (input.body !== undefined) headers["content-type"] = "application/json"
    const init: RequestInit = { method, headers }
    if (input.body !== undefined) init.body = JSON.stringify(input.body)
    if (signal) init.signal = signal
    const response = await fetchFn(`${baseUrl}${toPath(path, input)}`, init).catch((cause: unknown) => {
      if (signal?.aborted) throw cause
      throw new AuraError("service_unavailable", "Aura's server cannot be reached. Is it running?")
    })
    if (!response.ok) throw await toError(response)
    return response
  }
  return {
    open: (name, input, options) => open(name, input, options?.signal),
    call: async (name, input, options) => {
      const response = await open(name, input, options?.signal)
      const text = await response.text()
      return JSON.parse(text === "" ? "null" : text)
    },
  }
}

function toPath(path: string, input: Loose): string {
  const params = toStrings(input.params)
  const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ""))
  const query = new URLSearchParams(toStrings(input.query)).toString()
  return query ? `${filled}?${query}` : filled
}

function toStrings(value: unknown): Record<string, string> {
  const entries = Object.entries(value ?? {}).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.map(([key, item]) => [key, String(item)]))
}

async function toError(response: Response): Promise<AuraError> {
  const body: unknown = await response.json().catch(() => undefined)
  if (isErrorBody(body)) return new AuraError(body.code, body.error, body.details)
  return new AuraError("internal_error", `The server answered ${response.status} without saying why.`)
}

type ErrorAnswer = { error: string; code: ErrorCode; details?: Record<string, unknown> }

/** By hand: a client does without the schemas, which would be most of its size. */
function isErrorBody(body: unknown): body is ErrorAnswer {
  if (typeof body !== "object" || body === null || !("error" in body) || !("code" in body)) return false
  return typeof body.error === "string" && typeof body.code === "string" && isErrorCode(body.code)
}

function isErrorCode(code: string): code is ErrorCode {
  return code in errorStatus
}
