/** Who is at Aura's own machine: proven by a link of this machine used on it, never inferred from loopback. */
import { request as ask, createServer } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { describe, expect, it, onTestFinished } from "vitest"
import { screenplayOf, specsScene, type TestApp, testApp } from "./_app.ts"

const play = screenplayOf(specsScene("Core"))
const owner = { email: "ada@example.org", password: "correct horse" }

/** A reverse proxy on this machine that somebody elsewhere comes through. @param adds what it says of them, if anything */
async function openProxy(app: TestApp, adds: Record<string, string> = {}) {
  const { host, hostname, port } = new URL(app.running.url)
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, ...adds, host: adds.host ?? host }
    const passed = ask({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const address: AddressInfo | string | null = proxy.address()
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`
}

async function send(at: string, method: string, path: string, body?: object, token?: string) {
  const answer = await fetch(at + path, {
    method,
    headers: {
      ...(body ? { "content-type": "application/json" } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) }
}

/** What is kept to Aura's own machine: terminals, folders, the switch for the network, the password. */
async function reach(app: TestApp, at: string, token: string) {
  const project = { name: "x", requirements: "- a", workspacePath: app.workspace }
  return [
    (await send(at, "GET", "/api/terminals", undefined, token)).status,
    (await send(at, "POST", "/api/projects", project, token)).status,
    (await send(at, "POST", "/api/folders", {}, token)).status,
    (await send(at, "PUT", "/api/settings", { lanAllows: [] }, token)).status,
    (await send(at, "PUT", "/api/auth/password", owner, token)).status,
  ]
}
const all = [200, 201, 200, 200, 204]
const none = [403, 403, 403, 403, 403]

const codeOf = (app: TestApp) => app.running.createSignInLink().split("#code=")[1]

describe("who is here", () => {
  it("is whoever signed in by a link of this machine, on it; a script with its token too", async () => {
    const app = await testApp(play)
    expect(await reach(app, app.running.url, app.token)).toEqual(all)
    const renewed = await app.client.call("renewLogin", {})
    expect(await reach(app, app.running.url, renewed.access_token)).toEqual(all)
  })

  it.each([
    ["that names its client", { "x-forwarded-for": "203.0.113.9" }],
    ["that names itself", { via: "1.1 proxy" }],
    ["that speaks of the client in the standard's words", { forwarded: "for=203.0.113.9" }],
    ["of another maker", { "cf-connecting-ip": "203.0.113.9" }],
    ["that says only who it is for", { "x-real-ip": "127.0.0.1" }],
  ])("is nobody who comes through a proxy %s, whatever the login", async (_, adds) => {
    const app = await testApp(play)
    const at = await openProxy(app, adds)
    expect(await reach(app, at, app.token)).toEqual(none)
    const { body } = await send(at, "POST", "/api/auth/exchange", { code: codeOf(app) })
    expect(await reach(app, app.running.url, body.access_token)).toEqual(none)
  })

  it("is nobody who signed in by password or pairing, also through a proxy that hides itself", async () => {
    const app = await testApp(play)
    const at = await openProxy(app)
    await app.client.call("setPassword", { body: owner })
    const byPassword = await send(at, "POST", "/api/auth/login", owner)
    const { code } = await app.client.call("createPairing", {})
    const byPairing = await send(at, "POST", "/api/auth/exchange", { code })
    for (const { body } of [byPassword, byPairing]) {
      const token: string = body.access_token
      expect(await reach(app, at, token)).toEqual(none)
      expect(await reach(app, app.running.url, token)).toEqual(none)
    }
  })

  it("is nobody who makes a link for themselves with such a login, or renews it", async () => {
    const app = await testApp(play)
    const at = await openProxy(app)
    await app.client.call("setPassword", { body: owner })
    const { body: first } = await send(at, "POST", "/api/auth/login", owner)
    const { body: link } = await send(at, "POST", "/api/auth/link", undefined, first.access_token)
    const { body: second } = await send(at, "POST", "/api/auth/exchange", { code: link.code })
    expect(await reach(app, at, second.access_token)).toEqual(none)
    const { body: renewed } = await send(at, "POST", "/api/auth/renew", undefined, first.access_token)
    expect(await reach(app, at, renewed.access_token)).toEqual(none)
    const { body: proven } = await send(app.running.url, "POST", "/api/auth/exchange", { code: codeOf(app) })
    expect(await reach(app, app.running.url, proven.access_token)).toEqual(all)
  })

  it("is nobody who asks by a foreign name, or whose page is of another site that is let in", async () => {
    const app = await testApp(play, { env: { AURA_ALLOWED_ORIGINS: "https://aura.example" } })
    // As AURA_PUBLIC_HOST does; set from the start, no name service here would find the server.
    app.running.host.publicHost = "aura.example"
    const foreign = await openProxy(app, { host: "aura.example" })
    expect(await reach(app, foreign, app.token)).toEqual(none)
    const listed = await openProxy(app, { origin: "https://aura.example" })
    expect(await reach(app, listed, app.token)).toEqual(none)
  })
})

it("is nobody who comes through a proxy that speaks HTTP/1.0 and says nothing of itself", async () => {
  const app = await testApp(play)
  const { host, port } = new URL(app.running.url)
  const speak = (version: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1")
      const lines = [`Host: ${host}`, `Authorization: Bearer ${app.token}`, "Connection: close", "", ""]
      socket.once("data", (chunk: Buffer) => {
        socket.destroy()
        resolve(chunk.toString("latin1").split(" ")[1] ?? "")
      })
      socket.write([`GET /api/terminals HTTP/${version}`, ...lines].join("\r\n"))
    })
  expect([await speak("1.1"), await speak("1.0")]).toEqual(["200", "403"])
})

describe("a trusted proxy", () => {
  it("tells the client's address to brake, log and list of logins, and makes nobody here", async () => {
    const app = await testApp(play, { env: { AURA_TRUSTED_PROXY: "127.0.0.1" } })
    const at = await openProxy(app, { "x-forwarded-for": "203.0.113.9" })
    const { body } = await send(at, "POST", "/api/auth/exchange", { code: codeOf(app) })
    const { items } = await app.client.call("listLogins", {})
    expect(items.map((login) => login.address)).toContain("203.0.113.9")
    expect(await reach(app, at, body.access_token)).toEqual(none)
    for (let i = 0; i < 5; i++) await send(at, "POST", "/api/auth/exchange", { code: "AAAAA-AAAAA" })
    expect((await send(at, "POST", "/api/auth/exchange", { code: "AAAAA-AAAAA" })).status).toBe(429)
    const elsewhere = await openProxy(app, { "x-forwarded-for": "198.51.100.1" })
    expect((await send(elsewhere, "POST", "/api/auth/exchange", { code: "AAAAA-AAAAA" })).status).toBe(401)
  })

  it("is believed only where it is named", async () => {
    const app = await testApp(play)
    const at = await openProxy(app, { "x-forwarded-for": "203.0.113.9" })
    await send(at, "POST", "/api/auth/exchange", { code: codeOf(app) })
    const { items } = await app.client.call("listLogins", {})
    expect(items.map((login) => login.address)).not.toContain("203.0.113.9")
  })
})
