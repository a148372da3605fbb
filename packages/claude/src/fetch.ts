/** A lean `fetch` over node's own HTTP: half the work of the built-in one, and no copies of long bodies. */
import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from "node:http"
import { Agent as HttpsAgent, request as requestHttps } from "node:https"

/** A socket idle for longer may be dead without anybody having said so. */
const idle = { keepAlive: true, timeout: 30_000 }
const agents = { http: new HttpAgent(idle), https: new HttpsAgent(idle) }
const bodiless = new Set([204, 205, 304])

/** Takes plain bodies only, text or bytes; follows no redirects. */
export async function fetchLean(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const incoming = await open(new URL(input instanceof Request ? input.url : input), init, true)
  const status = incoming.statusCode ?? 500
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === "string" ? [pair(name, value)] : [],
  )
  return new Response(bodiless.has(status) ? null : ReadableStream.from<Uint8Array>(incoming), {
    status,
    headers,
  })
}

/** A kept connection the server has just closed is no failure: once, the request goes out again on a new one. */
function open(url: URL, init: RequestInit, mayReopen: boolean): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = send(url, init)
    request.once("response", resolve)
    request.on("error", (error) => {
      const isStale = request.reusedSocket && "code" in error && error.code === "ECONNRESET"
      if (isStale && mayReopen && !init.signal?.aborted) resolve(open(url, init, false))
      else reject(error)
    })
  })
}

function send(url: URL, { method = "GET", headers, body, signal }: RequestInit): ClientRequest {
  const isSafe = url.protocol === "https:"
  const request = (isSafe ? requestHttps : requestHttp)(url, {
    agent: isSafe ? agents.https : agents.http,
    method,
    headers: Object.fromEntries(new Headers(headers)),
    ...(signal && { signal }),
  })
  if (typeof body === "string" || body instanceof Uint8Array) return request.end(body)
  return request.end()
}

function pair(name: string, value: string): [string, string] {
  return [name, value]
}
