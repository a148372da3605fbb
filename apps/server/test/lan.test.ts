/** Aura bound off loopback: who comes in, and what other machines may not do. */
import { mkdtempSync, rmSync } from "node:fs"
import { get } from "node:https"
import { connect, Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { TLSSocket } from "node:tls"
import { readEnv, startServer } from "@aura/server"
import { describe, expect, it, onTestFinished } from "vitest"
import { buildApp } from "../src/app.ts"
import { toDevice } from "../src/device.ts"
import { isLoopback, isSameMachine } from "../src/reach.ts"
import { screenplayOf, specsScene, type TestApp, testApp } from "./_app.ts"

const play = screenplayOf(specsScene("Core"))
const owner = { email: "ada@example.org", password: "correct horse" }

/** Asks as a machine elsewhere on the network would. */
async function fromElsewhere(app: TestApp) {
  const inner = await buildApp(app.running.host, () => undefined)
  onTestFinished(() => inner.close())
  const { host } = new URL(app.running.url)
  return {
    inner,
    ask: async (
      method: "GET" | "POST" | "PUT" | "DELETE",
      url: string,
      payload?: object,
      headers: Record<string, string> = { authorization: `Bearer ${app.token}` },
    ) => {
      const answer = await inner.inject({
        method,
        url,
        remoteAddress: "192.168.1.7",
        headers: { host, ...headers },
        ...(payload ? { payload } : {}),
      })
      return { status: answer.statusCode, body: answer.body === "" ? undefined : answer.json() }
    },
  }
}

/** Trusts whatever certificate is shown, and tells its fingerprint. */
async function askSecurely(url: string, headers: Record<string, string> = {}) {
  return await new Promise<{ status: number | undefined; fingerprint: string | undefined }>(
    (resolve, reject) => {
      const asked = get(url, { rejectUnauthorized: false, headers, agent: false }, (answer) => {
        const { socket } = answer
        const fingerprint =
          socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.fingerprint256 : undefined
        answer.resume().on("end", () => resolve({ status: answer.statusCode, fingerprint }))
      })
      asked.on("error", reject)
    },
  )
}

describe("a bind off loopback", () => {
  it("is refused without an owner's password, in words that say how to set one, and no port is opened", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "aura-lan-"))
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    const probe = await testApp(play)
    const free = Number(new URL(probe.running.url).port)
    await probe.running.stop()
    const env = readEnv({ AURA_DATA_DIR: dataDir, AURA_SERVER_HOST: "0.0.0.0" }, null)
    await expect(startServer({ env: { ...env, port: free } })).rejects.toMatchObject({
      code: "bad_request",
      message: expect.stringContaining("npx aura password"),
    })
    const isOpen = await new Promise((resolve) => {
      const socket = connect(free, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false))
      socket.unref()
    })
    expect(isOpen).toBe(false)
  })

  it("is served with one, and says so to every screen", async () => {
    const app = await testApp(play)
    expect((await app.client.call("getSettings", {})).lanUrl).toBeNull()
    await app.client.call("setPassword", { body: owner })
    await app.running.stop()
    const env = readEnv({ AURA_DATA_DIR: app.dataDir, AURA_SERVER_HOST: "0.0.0.0" }, null)
    const running = await startServer({ env: { ...env, port: 0 } })
    onTestFinished(() => running.stop())
    const signedIn = await fetch(`${running.url}/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(owner),
    })
    expect(signedIn.status).toBe(200)
    const { access_token: token } = JSON.parse(await signedIn.text())
    const settings = await fetch(`${running.url}/api/settings`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(JSON.parse(await settings.text()).lanUrl).toMatch(/^http:\/\/.+:\d+$/)
    const rebound = await fetch(`${running.url}/api/health`, { headers: { origin: "http://evil.example" } })
    expect(rebound.status).toBe(403)
  })

  it("is answered over HTTPS too, on the same port, with a certificate that stays and whose fingerprint is told", async () => {
    const app = await testApp(play)
    await app.client.call("setPassword", { body: owner })
    await app.running.stop()
    const env = readEnv({ AURA_DATA_DIR: app.dataDir, AURA_SERVER_HOST: "0.0.0.0" }, null)
    const boot = async () => await startServer({ env: { ...env, port: 0 } })
    const first = await boot()
    const { fingerprint } = first.aura.config.lanSecure ?? expect.fail("There is no certificate.")
    const { port } = new URL(first.url)
    const secure = `https://127.0.0.1:${port}`
    expect((await fetch(`${first.url}/api/health`)).status).toBe(200)
    const health = await askSecurely(`${secure}/api/health`)
    expect(health).toMatchObject({ status: 200, fingerprint })
    expect((await askSecurely(`${secure}/api/health`, { origin: secure })).status).toBe(200)
    expect((await askSecurely(`${secure}/api/health`, { origin: `http://127.0.0.1:${port}` })).status).toBe(
      403,
    )
    // Says nothing, and keeps nobody from stopping.
    const silent = connect(Number(port), "127.0.0.1").on("error", () => undefined)
    await new Promise((resolve) => silent.once("connect", resolve))
    await first.stop()
    const second = await boot()
    onTestFinished(() => second.stop())
    expect(second.aura.config.lanSecure?.fingerprint).toBe(fingerprint)
  })

  it("knows this machine from others", () => {
    for (const host of ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]", "::ffff:127.0.0.1"])
      expect([host, isLoopback(host)]).toEqual([host, true])
    for (const host of ["0.0.0.0", "::", "192.168.1.7", "127.0.0.1.evil.example", "1127.0.0.1", "::2", ""])
      expect([host, isLoopback(host)]).toEqual([host, false])
    expect(isSameMachine({ remoteAddress: "192.168.1.5", localAddress: "192.168.1.5" })).toBe(true)
    expect(isSameMachine({ remoteAddress: "192.168.1.7", localAddress: "192.168.1.5" })).toBe(false)
  })
})

describe("another machine", () => {
  it("may neither open terminals nor choose folders nor change the switches, until they are switched on here", async () => {
    const app = await testApp(play)
    const { ask, inner } = await fromElsewhere(app)
    const project = { name: "x", requirements: "- a", workspacePath: app.workspace }
    const refused = async () => [
      (await ask("GET", "/api/terminals")).status,
      (await ask("POST", "/api/terminals", {})).status,
      (await ask("DELETE", "/api/terminals/x")).status,
      (await ask("POST", "/api/projects", project)).status,
      (await ask("PUT", "/api/projects/x", { workspacePath: app.workspace })).status,
      (await ask("PUT", "/api/settings", { lanAllows: ["terminals"] })).status,
      (await ask("PUT", "/api/auth/password", owner)).status,
      (await ask("POST", "/api/folders", {})).status,
      (await ask("PUT", "/api/projects/x/level", { level: 2 })).status,
      (await ask("POST", "/api/asks/x/answer", { allow: true })).status,
    ]
    expect(await refused()).toEqual([403, 403, 403, 403, 403, 403, 403, 403, 403, 403])
    expect((await ask("GET", "/api/projects")).status).toBe(200)
    const { ticket } = await app.client.call("createTicket", {})
    const { host } = new URL(app.running.url)
    const rawHeaders = ["Host", host]
    await expect(
      inner.injectWS(`/ws/terminal/x?token=${ticket}`, {
        headers: { host },
        rawHeaders,
        socket: Object.create(Socket.prototype, { remoteAddress: { value: "192.168.1.7" } }),
      }),
    ).rejects.toThrow("403")
    await app.client.call("updateSettings", { body: { lanAllows: ["terminals", "folders"] } })
    expect(await refused()).toEqual([200, 201, 404, 201, 404, 403, 403, 200, 403, 403])
    expect((await ask("PUT", "/api/settings", { budgetUsd: 5 })).status).toBe(200)
    await app.client.call("updateSettings", { body: { lanAllows: ["permissions"] } })
    expect((await ask("POST", "/api/asks/x/answer", { allow: true })).status).toBe(404)
    expect((await ask("PUT", "/api/projects/x/level", { level: 4, confirm: "x" })).status).toBe(403)
  })

  it("loses the terminal it looks at when that is switched off here, and the shell goes on", async () => {
    const app = await testApp(play)
    const { inner } = await fromElsewhere(app)
    const { host } = new URL(app.running.url)
    await app.client.call("updateSettings", { body: { lanAllows: ["terminals"] } })
    const { id } = await app.client.call("createTerminal", {})
    const attach = async (remoteAddress: string) => {
      const { ticket } = await app.client.call("createTicket", {})
      const said: string[] = []
      const socket = await inner.injectWS(
        `/ws/terminal/${id}?token=${ticket}`,
        {
          headers: { host },
          rawHeaders: ["Host", host],
          socket: Object.create(Socket.prototype, { remoteAddress: { value: remoteAddress } }),
        },
        { onInit: (opened) => void opened.on("message", (data: Buffer) => said.push(data.toString("utf8"))) },
      )
      const closed = new Promise<number>((resolve) => socket.on("close", resolve))
      return { socket, said, closed }
    }
    const away = await attach("192.168.1.7")
    const here = await attach("127.0.0.1")
    await app.client.call("updateSettings", { body: { lanAllows: ["terminals", "folders"] } })
    expect(away.socket.readyState).toBe(away.socket.OPEN)
    await app.client.call("updateSettings", { body: { lanAllows: ["folders"] } })
    expect(await away.closed).toBe(4403)
    expect(away.said.at(-1)).toContain("Terminals are off over the network.")
    expect(here.socket.readyState).toBe(here.socket.OPEN)
    expect((await app.client.call("listTerminals", {})).items.map((one) => one.id)).toEqual([id])
    here.socket.terminate()
  })

  it("cannot claim to be this one by a header", async () => {
    const app = await testApp(play)
    const { ask } = await fromElsewhere(app)
    for (const name of ["x-forwarded-for", "x-real-ip", "forwarded", "x-client-ip"]) {
      const headers = { authorization: `Bearer ${app.token}`, [name]: "127.0.0.1" }
      expect([name, (await ask("GET", "/api/terminals", undefined, headers)).status]).toEqual([name, 403])
    }
  })

  it("is let in by a short code, once, however it is typed", async () => {
    const app = await testApp(play)
    const { ask } = await fromElsewhere(app)
    const pairing = await app.client.call("createPairing", {})
    expect(pairing).toMatchObject({
      code: expect.stringMatching(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/),
      url: expect.stringContaining(`#code=${pairing.code}`),
      svg: expect.stringContaining("<svg"),
    })
    const typed = pairing.code.toLowerCase().replace("-", " ")
    const first = await ask("POST", "/api/auth/exchange", { code: typed }, {})
    expect(first).toMatchObject({ status: 200, body: { access_token: expect.any(String) } })
    expect((await ask("POST", "/api/auth/exchange", { code: pairing.code }, {})).status).toBe(401)
  })

  it("is stopped from guessing after five wrong codes, while others go on", async () => {
    const app = await testApp(play)
    const { ask } = await fromElsewhere(app)
    const { code } = await app.client.call("createPairing", {})
    for (let i = 0; i < 5; i++)
      expect((await ask("POST", "/api/auth/exchange", { code: `AAAA${i}-AAAAA` }, {})).status).toBe(401)
    expect((await ask("POST", "/api/auth/exchange", { code }, {})).status).toBe(429)
    expect((await app.post("/api/auth/exchange", { code }, { authorization: "" })).status).toBe(200)
  })
})

describe("signed-in devices", () => {
  const signInAs = async (app: TestApp, agent: string): Promise<string> => {
    const code = app.running.createSignInLink().split("#code=")[1]
    const answer = await app.post("/api/auth/exchange", { code }, { authorization: "", "user-agent": agent })
    return JSON.parse(await answer.text()).access_token
  }
  const ask = (app: TestApp, token: string) =>
    app.post("/api/auth/ws-ticket", undefined, { authorization: `Bearer ${token}` })

  it("are listed, and signed out one by one", async () => {
    const app = await testApp(play)
    const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    const other = await signInAs(app, agent)
    const { items } = await app.client.call("listLogins", {})
    expect(items.map((login) => [login.device, login.via, login.isCurrent])).toEqual(
      expect.arrayContaining([
        ["Firefox on Linux", "link", false],
        ["A program", "link", true],
      ]),
    )
    const id = items.find((login) => !login.isCurrent)?.id ?? ""
    await app.client.call("endLogin", { params: { id } })
    expect((await ask(app, other)).status).toBe(401)
    expect((await ask(app, app.token)).status).toBe(201)
    expect((await app.client.call("listLogins", {})).items).toHaveLength(1)
  })

  it("are all signed out at once, tokens for scripts and open sockets included", async () => {
    const app = await testApp(play)
    const other = await signInAs(app, "curl/8")
    const { ticket } = await app.client.call("createTicket", {})
    const socket = new WebSocket(`${app.running.url.replace("http", "ws")}/ws/events?token=${ticket}`)
    await new Promise((resolve) => socket.addEventListener("open", resolve))
    const closing = new Promise<number>((resolve) =>
      socket.addEventListener("close", (event) => resolve(event.code)),
    )
    await app.client.call("endAllLogins", {})
    expect(await closing).toBe(4401)
    expect([(await ask(app, other)).status, (await ask(app, app.token)).status]).toEqual([401, 401])
    expect((await ask(app, await signInAs(app, "curl/8"))).status).toBe(201)
  })

  it("are called by their browser and system", () => {
    expect(toDevice("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1")).toBe(
      "Safari on iOS",
    )
    expect(toDevice("<script>alert(1)</script>")).toBe("A program")
    expect(toDevice(undefined)).toBe("A program")
  })
})
