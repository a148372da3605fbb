/** Claude over networks that do odd things: compress, redirect, answer with pages, send without end, or need a proxy. */
import { createServer, type Server, type ServerResponse } from "node:http"
import { connect } from "node:net"
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { createClaude } from "./anthropic/claude.ts"
import type { ModelEvent, ModelRequest } from "./model.ts"

const request: ModelRequest = {
  model: "claude-opus-5-5",
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "Hello?" }] }],
  tools: [],
  maxTokens: 1000,
}
const frame = (event: { type: string; [more: string]: unknown }) =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
const start = frame({ type: "message_start" })
const text = (words: string) =>
  frame({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: words } })
const block = frame({
  type: "content_block_start",
  index: 0,
  content_block: { type: "text", text: "" },
})
const end = frame({ type: "message_stop" })
const whole = start + block + text("Hello!") + end
const stream = { "content-type": "text/event-stream" }

const servers: Server[] = []
beforeEach(() => {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"])
    vi.stubEnv(name, "")
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return `127.0.0.1:${typeof address === "object" ? address?.port : 0}`
}

async function serve(respond: (response: ServerResponse) => void): Promise<{ url: string; keys: string[] }> {
  const keys: string[] = []
  const server = createServer((incoming, response) => {
    keys.push(String(incoming.headers["x-api-key"] ?? ""))
    incoming.resume().on("end", () => respond(response))
  })
  return { url: `http://${await listen(server)}`, keys }
}

/** Asks once. */
async function ask(baseUrl: string): Promise<ModelEvent[]> {
  const model = createClaude({
    apiKey: "sk-key",
    baseUrl,
    now: Date.now,
    random: () => 1,
    policy: { attempts: 1 },
  })
  const events: ModelEvent[] = []
  for await (const event of model.stream(request, new AbortController().signal)) events.push(event)
  return events
}

describe("a reply", () => {
  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
    ["zstd", zstdCompressSync],
    ["gzip, br", (body: string) => brotliCompressSync(gzipSync(body))],
  ])("is read although it comes as %s", async (encoding, compress) => {
    const { url } = await serve((response) =>
      response.writeHead(200, { ...stream, "content-encoding": encoding }).end(compress(whole)),
    )
    expect((await ask(url)).at(-1)).toMatchObject({ reply: { blocks: [{ type: "text", text: "Hello!" }] } })
  })

  test.each([
    ["in an unknown encoding", { "content-encoding": "foo" }, whole, "encoding that Aura does not know"],
    ["in a broken encoding", { "content-encoding": "gzip" }, whole, "No complete answer"],
    ["as a web page", { "content-type": "text/html; charset=utf-8" }, "<html>Wi-Fi</html>", "captive portal"],
  ])("that comes %s is a failure that passes", async (_, headers, body, words) => {
    const { url } = await serve((response) => response.writeHead(200, { ...stream, ...headers }).end(body))
    expect((await ask(url)).at(-1)).toMatchObject({
      failure: { kind: "unavailable", message: expect.stringContaining(words) },
    })
  })

  test.each([
    ["one event", "x".repeat(1024 * 1024), "too long"],
    ["events", text("x".repeat(1024 * 1024)), "does not end"],
    ["an error", undefined, "500"],
  ])("without end (%s) is given up, and its sender hung up on", async (_, piece, words) => {
    let isClosed = false
    const { url } = await serve((response) => {
      response.on("close", () => {
        isClosed = true
      })
      response.writeHead(piece === undefined ? 500 : 200, piece === undefined ? {} : stream)
      const write = () => {
        while (!isClosed && response.write(piece ?? "x".repeat(65_536)));
        response.once("drain", write)
      }
      response.write(piece?.startsWith("x") ? "data: " : `${start}${block}`)
      write()
    })
    expect((await ask(url)).at(-1)).toMatchObject({
      failure: { kind: "unavailable", message: expect.stringContaining(words) },
    })
    await expect.poll(() => isClosed).toBe(true)
  })

  test("that is elsewhere is not fetched with the key", async () => {
    const other = await serve((response) => response.writeHead(200, stream).end(whole))
    const { url } = await serve((response) =>
      response.writeHead(307, { location: `${other.url}/v1/messages` }).end(),
    )
    expect((await ask(url)).at(-1)).toMatchObject({
      failure: { message: expect.stringContaining(other.url) },
    })
    expect(other.keys).toEqual([])
  })

  test("is asked for again after so many milliseconds as are named", async () => {
    const { url } = await serve((response) =>
      response.writeHead(429, { "retry-after-ms": "1500.4", "retry-after": "2" }).end("{}"),
    )
    expect((await ask(url)).at(-1)).toMatchObject({ failure: { kind: "overloaded", retryAfterMs: 1500 } })
  })
})

describe("a proxy", () => {
  /** Connects every name to the one server, and writes down what it sees. */
  async function openProxy(target: string): Promise<{ url: string; seen: string[] }> {
    const seen: string[] = []
    const proxy = createServer((incoming, response) => {
      seen.push(`${incoming.method} ${incoming.url} ${JSON.stringify(incoming.headers)}`)
      response.writeHead(400).end()
    })
    proxy.on("connect", (incoming, client, head) => {
      seen.push(`CONNECT ${incoming.url} ${JSON.stringify(incoming.headers)}`)
      const [host, port] = target.split(":")
      const upstream = connect(Number(port), host, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n")
        upstream.write(head)
        upstream.pipe(client).pipe(upstream)
      })
      for (const socket of [upstream, client]) socket.on("error", () => undefined)
    })
    return { url: await listen(proxy), seen }
  }

  test.each([
    ["HTTP_PROXY", (url: string) => `http://${url}`],
    ["http_proxy", (url: string) => `http://${url}`],
    ["HTTP_PROXY", (url: string) => url],
  ])("named by %s is used by CONNECT, so that it never sees the key", async (name, toValue) => {
    const { url, keys } = await serve((response) => response.writeHead(200, stream).end(whole))
    const proxy = await openProxy(url.slice("http://".length))
    vi.stubEnv(name, toValue(proxy.url))
    expect((await ask("http://model.test:8080")).at(-1)).toMatchObject({ type: "reply" })
    expect(keys).toEqual(["sk-key"])
    expect(proxy.seen).toEqual([expect.stringContaining("CONNECT model.test:8080")])
    expect(proxy.seen.join()).not.toContain("sk-key")
  })

  test("is used for an https address, and what fails behind it is told", async () => {
    const { url } = await serve((response) => response.end())
    const proxy = await openProxy(url.slice("http://".length))
    vi.stubEnv("HTTPS_PROXY", `http://${proxy.url}`)
    expect((await ask("https://model.test")).at(-1)).toMatchObject({ failure: { kind: "unavailable" } })
    expect(proxy.seen).toEqual([expect.stringContaining("CONNECT model.test:443")])
  })

  test("is left out for this machine and for what NO_PROXY names", async () => {
    const { url, keys } = await serve((response) => response.writeHead(200, stream).end(whole))
    const proxy = await openProxy(url.slice("http://".length))
    vi.stubEnv("HTTP_PROXY", `http://${proxy.url}`)
    vi.stubEnv("NO_PROXY", "other.test, model.test")
    await ask(url)
    await ask(url.replace("127.0.0.1", "localhost"))
    await ask("http://a.model.test:1")
    expect(keys.length).toBeGreaterThan(0)
    expect(proxy.seen).toEqual([])
  })
})
