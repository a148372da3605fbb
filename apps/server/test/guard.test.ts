/** Who may use the server: every route and both sockets, whatever a request claims to be. */
import { createHmac } from "node:crypto"
import { connect } from "node:net"
import { api, type RouteDefinition } from "@aura/core"
import { auth } from "@aura/domain"
import { describe, expect, it } from "vitest"
import { screenplayOf, specsScene, type TestApp, testApp } from "./_app.ts"

const play = screenplayOf(specsScene("Core"))
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

/** The first line and the rest of what the server says to exactly these bytes. */
function speak(app: TestApp, text: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(app.running.url).port), "127.0.0.1", () => socket.write(text))
    let heard = ""
    socket.setEncoding("utf8")
    const end = () => {
      socket.destroy()
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? 0), text: heard })
    }
    socket.on("data", (chunk) => {
      heard += chunk
      if (heard.includes("\r\n\r\n")) end()
    })
    socket.on("close", end)
    socket.on("error", reject)
  })
}

const upgrade = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
]

function request(target: string, lines: string[]): string {
  return [`GET ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n")
}

/** Tokens nobody may come in with, each for a reason of its own. */
function badTokens(app: TestApp): [string, string][] {
  const { keys } = app.running.aura
  const now = Math.floor(Date.now() / 1000)
  const claims: Record<string, unknown> = {
    sub: "owner",
    jti: "x",
    iss: keys.installId,
    aud: keys.installId,
    iat: now,
    exp: now + 600,
  }
  const sign = (
    given: object,
    header: { alg: string; kid?: string } = { alg: "HS256" },
    key = keys.signing,
  ) => {
    const text = `${encode(header)}.${encode(given)}`
    const mark = createHmac(header.alg === "HS512" ? "sha512" : "sha256", key).update(text)
    return `${text}.${mark.digest("base64url")}`
  }
  const [head = "", body = "", mark = ""] = app.token.split(".")
  return [
    ["one letter", "x"],
    ["blank", " "],
    ["two dots", ".."],
    ["an unsigned token", `${encode({ alg: "none" })}.${encode(claims)}.`],
    ["another algorithm", sign(claims, { alg: "HS512" })],
    ["another install's key", sign(claims, { alg: "HS256" }, new Uint8Array(32))],
    [
      "a key id that points elsewhere",
      sign(claims, { alg: "HS256", kid: "../../dev/null" }, new Uint8Array(32)),
    ],
    ["a run-out token", sign({ ...claims, iat: now - 9000, exp: now - 3600 })],
    ["another issuer", sign({ ...claims, iss: "elsewhere" })],
    ["another audience", sign({ ...claims, aud: "elsewhere" })],
    ["no subject", sign({ ...claims, sub: undefined })],
    ["an unknown subject", sign({ ...claims, sub: "nobody" })],
    ["no id", sign({ ...claims, jti: undefined })],
    ["no end", sign({ ...claims, exp: undefined })],
    ["a changed body", `${head}.${encode({ ...claims, sub: "root" })}.${mark}`],
    ["no signature", `${head}.${body}.`],
    ["half a signature", app.token.slice(0, -20)],
    ["a token twice", `${app.token}${app.token}`],
    ["a very long token", "a".repeat(8000)],
  ]
}

describe("the guard", () => {
  it("lets nobody in by any set of headers, on any route", async () => {
    const app = await testApp(play)
    const expired = await auth.createToken(app.running.aura.keys, Date.now() - 24 * 3600 * 1000)
    const right = { authorization: `Bearer ${app.token}` }
    const sets: Record<string, string>[] = [
      {},
      { authorization: "" },
      { authorization: "Bearer" },
      { authorization: "Bearer " },
      { authorization: "Bearer x" },
      { authorization: `bearer ${app.token}` },
      { authorization: `Basic ${app.token}` },
      { authorization: app.token },
      { authorization: `Bearer  ${app.token}` },
      { authorization: `Bearer ${app.token}x` },
      { authorization: `Bearer ${expired.access_token}` },
      { "x-forwarded-for": "127.0.0.1" },
      { "x-real-ip": "127.0.0.1", "x-forwarded-host": "localhost" },
      { cookie: `token=${app.token}` },
      { "x-access-token": app.token },
      { "x-http-method-override": "OPTIONS" },
      { "content-type": "text/plain" },
      { connection: "upgrade", upgrade: "h2c" },
      { "idempotency-key": "k" },
      { ...right, origin: "http://evil.example" },
      { ...right, origin: "null" },
      { ...right, origin: "https://127.0.0.1:1" },
      { ...right, origin: "http://localhost.evil.example" },
      { ...right, "sec-fetch-site": "cross-site" },
      { ...right, host: "evil.example" },
      { ...right, host: "127.0.0.1:1" },
      { ...right, host: "evil.example", origin: "http://evil.example" },
      { ...right, host: "localhost@evil.example" },
    ]
    const closed: RouteDefinition[] = Object.values(api).filter((route) => !("open" in route))
    const { port } = new URL(app.running.url)
    const refused = new Set([400, 401, 403, 404, 415, 429])
    let asked = 0
    for (const route of closed) {
      for (const headers of sets) {
        const given = { host: `127.0.0.1:${port}`, ...headers }
        const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}`)
        const target = route.path.replace(/:\w+/g, "x")
        const answer = await speak(app, `${route.method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`)
        expect([route.path, headers, refused.has(answer.status)]).toEqual([route.path, headers, true])
        asked++
      }
    }
    expect(asked).toBe(closed.length * sets.length)
  })

  it("answers every malformed token alike", async () => {
    const app = await testApp(play)
    const answers = new Set<string>()
    for (const [name, token] of badTokens(app)) {
      const response = await fetch(`${app.running.url}/api/auth/session`, {
        headers: { authorization: `Bearer ${token}` },
      })
      expect([name, response.status]).toEqual([name, 401])
      answers.add(await response.text())
      const socket = await speak(
        app,
        request(`/ws/events?token=${encodeURIComponent(token)}`, [
          `Host: ${new URL(app.running.url).host}`,
          ...upgrade,
        ]),
      )
      expect([name, socket.status]).toEqual([name, 401])
    }
    expect(answers.size).toBe(1)
  })

  it("checks Host and Origin of a request and of an upgrade alike", async () => {
    const app = await testApp(play)
    const { port } = new URL(app.running.url)
    const ours = `127.0.0.1:${port}`
    const hosts: [string[], number][] = [
      [[`Host: ${ours}`], 200],
      [[`Host: localhost:${port}`], 200],
      [[`Host: LOCALHOST:${port}`], 200],
      [[`Host: [::1]:${port}`], 200],
      [["Host: 127.0.0.1"], 403],
      [["Host: 127.0.0.1:1"], 403],
      [[`Host: evil.example:${port}`], 403],
      [[`Host: 127.0.0.1.evil.example:${port}`], 403],
      [[`Host: evil@127.0.0.1:${port}`], 400],
      [["Host: "], 400],
      [[`Host: ${ours}`, "Host: evil.example"], 400],
      [["Host: evil.example", `X-Forwarded-Host: ${ours}`], 403],
      [[`Host: evil.example:${port}`, `Origin: http://evil.example:${port}`], 403],
      [[`Host: ${ours}`, "Origin: null"], 403],
      [[`Host: ${ours}`, "Origin: http://evil.example"], 403],
      [[`Host: ${ours}`, `Origin: https://${ours}`], 403],
      [[`Host: ${ours}`, "Origin: http://127.0.0.1"], 403],
      [[`Host: ${ours}`, `Origin: http://localhost:${port}`], 403],
      [[`Host: ${ours}`, `Origin: http://${ours}`], 200],
      [[`Host: ${ours}`, "Sec-Fetch-Site: cross-site"], 403],
      [[`Host: ${ours}`, "Sec-Fetch-Site: same-origin"], 200],
    ]
    for (const [lines, status] of hosts) {
      const plain = await speak(
        app,
        request("/api/auth/session", [...lines, `Authorization: Bearer ${app.token}`]),
      )
      const opened = await speak(app, request(`/ws/events?token=${app.token}`, [...lines, ...upgrade]))
      expect([lines, plain.status, opened.status]).toEqual([lines, status, status === 200 ? 101 : status])
    }
    const absolute = await speak(
      app,
      request(`http://${ours}/api/auth/session`, [`Host: ${ours}`, `Authorization: Bearer ${app.token}`]),
    )
    expect(absolute.status).toBe(400)
    const asked = await fetch(`${app.running.url}/api/auth/session?token=${app.token}`)
    expect(asked.status).toBe(401)
  })

  it("asks for a token before it says that a route is unknown", async () => {
    const app = await testApp(play)
    for (const path of ["/api/none", "/api", "/apix", "/ws/none", "/ws", "/none.js", "/.env"])
      expect([path, (await fetch(app.running.url + path)).status]).toEqual([path, 401])
    expect((await fetch(`${app.running.url}/anything`, { method: "DELETE" })).status).toBe(401)
    const { host } = new URL(app.running.url)
    for (const path of ["/ws/none", "/api/health", "/", "/anything"])
      expect([path, (await speak(app, request(path, [`Host: ${host}`, ...upgrade]))).status]).toEqual([
        path,
        401,
      ])
  })

  it("slows down whoever tries many tokens, and still serves the owner from the same address", async () => {
    const app = await testApp(play)
    const ask = (token: string) =>
      fetch(`${app.running.url}/api/auth/session`, { headers: { authorization: `Bearer ${token}` } })
    for (let i = 0; i < 100; i++) expect((await ask(`x${i}`)).status).toBe(401)
    const braked = await ask("x")
    expect([braked.status, Number(braked.headers.get("retry-after")) > 0]).toEqual([429, true])
    expect((await ask(app.token)).status).toBe(200)
  })

  it("drops the connection that has waited longest without a token, never one that has shown it", async () => {
    const app = await testApp(play)
    const { port } = new URL(app.running.url)
    const { ticket } = await app.client.call("createTicket", {})
    const mine = new WebSocket(`ws://127.0.0.1:${port}/ws/events?token=${ticket}`)
    await new Promise((resolve) => mine.addEventListener("open", resolve))
    const closed: number[] = []
    const crowd = await Promise.all(
      Array.from({ length: 600 }, async (_, i) => {
        const socket = connect(Number(port), "127.0.0.1")
        socket.on("error", () => undefined).once("close", () => closed.push(i))
        await new Promise((resolve) => socket.once("connect", resolve))
        return socket
      }),
    )
    const before = performance.now()
    expect((await app.post("/api/auth/ws-ticket")).status).toBe(201)
    expect(performance.now() - before).toBeLessThan(1000)
    expect(closed.length).toBeGreaterThan(80)
    expect(mine.readyState).toBe(WebSocket.OPEN)
    for (const socket of crowd) socket.destroy()
    mine.close()
  })
})

describe("a login", () => {
  it("is renewed while it is good, for thirty days in all, and ended in every renewal", async () => {
    const app = await testApp(play)
    const renewed = await app.client.call("renewLogin", {})
    const as = { authorization: `Bearer ${renewed.access_token}` }
    expect((await app.post("/api/auth/ws-ticket", undefined, as)).status).toBe(201)
    const { aura } = app.running
    const old = await auth.authenticate(aura, app.token)
    const day = 24 * 3600 * 1000
    const since = new Date(Date.parse(old.since) - 30 * day + 3600 * 1000).toISOString()
    const late = await auth.renew(aura, { ...old, since })
    expect(Date.parse(late.expiresAt) - Date.now()).toBeLessThan(3601 * 1000)
    await app.client.call("logout", {})
    expect((await app.post("/api/auth/ws-ticket", undefined, as)).status).toBe(401)
  })

  it("takes its sockets and streams along when it is ended", async () => {
    const app = await testApp(play)
    const { ticket } = await app.client.call("createTicket", {})
    const unused = await app.client.call("createTicket", {})
    const at = app.running.url.replace("http", "ws")
    const socket = new WebSocket(`${at}/ws/events?token=${ticket}`)
    await new Promise((resolve) => socket.addEventListener("open", resolve))
    const closing = new Promise<number>((resolve) =>
      socket.addEventListener("close", (event) => resolve(event.code)),
    )
    const stream = await app.client.open("streamEvents", { query: {} })
    const ending = stream.text()
    await app.client.call("logout", {})
    expect(await closing).toBe(4401)
    expect(await ending).toContain("login.ended")
    const { host } = new URL(app.running.url)
    const late = await speak(app, request(`/ws/events?token=${unused.ticket}`, [`Host: ${host}`, ...upgrade]))
    expect(late.status).toBe(401)
  })

  it("takes its sockets and streams along when it runs out", async () => {
    const app = await testApp(play)
    const { keys } = app.running.aura
    const soon = await auth.createToken(keys, Date.now() - 12 * 3600 * 1000 + 1500)
    const socket = new WebSocket(
      `${app.running.url.replace("http", "ws")}/ws/events?token=${soon.access_token}`,
    )
    const closing = new Promise<number>((resolve) =>
      socket.addEventListener("close", (event) => resolve(event.code)),
    )
    const stream = await fetch(`${app.running.url}/api/events`, {
      headers: { authorization: `Bearer ${soon.access_token}` },
    })
    expect(stream.status).toBe(200)
    await stream.text()
    expect(await closing).toBe(4401)
  })

  it("opens a terminal by a one-use ticket only", async () => {
    const app = await testApp(play)
    const project = await app.createProject()
    const { id } = await app.client.call("createTerminal", { body: { projectId: project.id } })
    const { ticket } = await app.client.call("createTicket", {})
    const { host } = new URL(app.running.url)
    const open = (token: string) =>
      speak(app, request(`/ws/terminal/${id}?token=${token}`, [`Host: ${host}`, ...upgrade]))
    expect((await open(app.token)).status).toBe(401)
    expect((await open(ticket)).status).toBe(101)
    expect((await open(ticket)).status).toBe(401)
  })
})
