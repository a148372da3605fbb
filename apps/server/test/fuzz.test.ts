/**
 * Thousands of generated requests, tens of thousands in `npm run torture`: none may be answered with a 5xx, and none may
 * cost memory for good.
 */
import { connect } from "node:net"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { api } from "@aura/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { buildApp } from "../src/app.ts"
import { screenplayOf, specsScene, testApp } from "./_app.ts"

const count = process.env.AURA_TORTURE ? 25_000 : 8000
const seed = Number(process.env.AURA_FUZZ_SEED ?? 20261126)
const play = screenplayOf(specsScene("Core"))

setFlagsFromString("--expose-gc")
const collect: unknown = runInNewContext("gc")

function heapBytes(): number {
  if (typeof collect === "function") collect()
  return process.memoryUsage().heapUsed
}

/** What would end the login they come with, or start a shell or a run, is left out. */
const leftOut = new Set([
  "/api/auth/logout",
  "/api/auth/login",
  "/api/auth/password",
  "/api/logins",
  "/api/terminals",
  "/api/rehearsals",
])
const routes = Object.values(api).filter((route) => !("stream" in route) && !leftOut.has(route.path))

const awkward = fc.oneof(
  fc.constantFrom(
    "",
    "x",
    "..",
    "%2e%2e",
    "%00",
    "%",
    "%ff",
    "__proto__",
    "constructor",
    "-1",
    "1e999",
    "a/b",
    "\u202e",
  ),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 12 }),
)
const fields = [
  "name",
  "requirements",
  "title",
  "status",
  "markdown",
  "path",
  "projectId",
  "code",
  "email",
  "__proto__",
]
const value = fc.oneof(
  awkward,
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.array(awkward, { maxLength: 3 }),
)
const body = fc.oneof(
  fc.constant(""),
  awkward,
  fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 4 }).map((given) => JSON.stringify(given)),
  fc.json({ maxDepth: 3 }),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
)
const query = fc.dictionary(
  fc.constantFrom("limit", "cursor", "after", "project", "q", "token", "__proto__"),
  awkward,
  { maxKeys: 3 },
)
const types = [
  "application/json",
  "application/json",
  "text/plain",
  "application/json; charset=x",
  "",
  "multipart/form-data",
]

const request = fc.record({
  route: fc.constantFrom(...routes),
  method: fc.option(fc.constantFrom("GET" as const, "POST" as const, "PUT" as const, "DELETE" as const), {
    freq: 5,
  }),
  id: awkward,
  query,
  body,
  type: fc.constantFrom(...types),
  isSignedIn: fc.integer({ min: 0, max: 9 }).map((n) => n < 8),
})

function toUrl({
  route,
  id,
  query: given,
}: {
  route: { path: string }
  id: string
  query: Record<string, string>
}) {
  const path = route.path.replace(/:\w+/g, id.isWellFormed() ? encodeURIComponent(id) : "x")
  const search = new URLSearchParams(given).toString()
  return search ? `${path}?${search}` : path
}

describe("generated requests", () => {
  it("are never answered with a 5xx, and leave the heap flat", { timeout: 300_000 }, async () => {
    const app = await testApp(play)
    const { port } = new URL(app.running.url)
    const logged: string[] = []
    const inner = await buildApp(app.running.host, (line) => logged.push(line))
    const samples = fc.sample(request, { numRuns: count, seed })
    const rounds = Number(process.env.AURA_FUZZ_ROUNDS ?? 2)
    const heaps: number[] = []
    const statuses = new Map<number, number>()
    for (let round = 0; round < rounds; round++) {
      for (const sample of samples) {
        const response = await inner.inject({
          method: sample.method ?? sample.route.method,
          url: toUrl(sample),
          headers: {
            host: `127.0.0.1:${port}`,
            ...(sample.isSignedIn ? { authorization: `Bearer ${app.token}` } : {}),
            ...(sample.type ? { "content-type": sample.type } : {}),
          },
          ...(sample.body === "" ? {} : { payload: sample.body }),
        })
        statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1)
        if (response.statusCode >= 500)
          expect.fail(`seed ${seed}: ${response.statusCode} to ${JSON.stringify(sample)}: ${response.body}`)
      }
      heaps.push(heapBytes())
    }
    await inner.close()
    expect(logged).toEqual([])
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 204, 400, 401, 404, 409, 415]))
    // The first round fills caches; from then on the same requests may not cost more.
    expect((heaps.at(-1) ?? 0) - (heaps[0] ?? 0)).toBeLessThan(20 * 1024 * 1024)
  })

  it("are survived byte by byte too", { timeout: 60_000 }, async () => {
    const app = await testApp(play)
    const { port, host } = new URL(app.running.url)
    const line = fc.oneof(
      fc.constantFrom(
        `Host: ${host}`,
        `Authorization: Bearer ${app.token}`,
        "Content-Length: 5",
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Connection: upgrade\r\nUpgrade: websocket",
        `X: ${"y".repeat(20_000)}`,
      ),
      fc.string({ unit: "binary", maxLength: 30 }),
    )
    const target = fc.oneof(
      fc.constantFrom(
        "/api/projects",
        "/ws/events",
        "//",
        "*",
        "http://evil.example/",
        "/api/../etc",
        "/%00",
      ),
      fc.string({ unit: "binary", maxLength: 30 }),
    )
    const words = fc.record({
      method: fc.oneof(
        fc.constantFrom("GET", "POST", "OPTIONS", "CONNECT", "TRACE"),
        fc.string({ maxLength: 8 }),
      ),
      target,
      version: fc.constantFrom("HTTP/1.1", "HTTP/1.0", "HTTP/9", ""),
      lines: fc.array(line, { maxLength: 6 }),
      rest: fc.string({ unit: "binary", maxLength: 40 }),
    })
    const speak = (text: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => socket.end(text))
        let heard = ""
        socket.setEncoding("utf8").on("data", (chunk) => {
          heard += chunk
          socket.destroy()
        })
        socket.on("error", () => undefined).once("close", () => resolve(heard))
        socket.setTimeout(300, () => socket.destroy())
      })
    const texts = fc
      .sample(words, { numRuns: 1000, seed })
      .map((given) =>
        [`${given.method} ${given.target} ${given.version}`, ...given.lines, "", given.rest].join("\r\n"),
      )
    for (let at = 0; at < texts.length; at += 50) {
      const batch = texts.slice(at, at + 50)
      const answers = await Promise.all(batch.map(speak))
      for (const [i, answer] of answers.entries())
        expect([seed, batch[i], answer.startsWith("HTTP/1.1 5")]).toEqual([seed, batch[i], false])
    }
    expect((await fetch(`${app.running.url}/api/health`)).status).toBe(200)
  })
})
