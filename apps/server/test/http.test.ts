import { mkdirSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { type AuraEvent, api } from "@aura/core"
import { describe, expect, it } from "vitest"
import { done, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"

const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
  work("Make a", [{ calls: [write("a.txt", "a")] }, done()]),
)
const bodyOf = async (response: Response) => JSON.parse(await response.text())

describe("signing in", () => {
  it("takes a code once, and a token until it is signed out", async () => {
    const app = await testApp(play)
    const code = app.running.createSignInLink().split("#code=")[1]
    const exchange = () => app.post("/api/auth/exchange", { code }, { authorization: "" })
    const first = await bodyOf(await exchange())
    expect(first).toMatchObject({
      access_token: expect.any(String),
      expiresAt: expect.any(String),
      user: { role: "owner" },
    })
    expect((await exchange()).status).toBe(401)
    const as = { authorization: `Bearer ${first.access_token}` }
    expect((await app.post("/api/auth/logout", undefined, as)).status).toBe(204)
    expect((await app.post("/api/auth/ws-ticket", undefined, as)).status).toBe(401)
  })

  it("lets the owner set a password with a code, and signs in with it", async () => {
    const app = await testApp(play)
    const account = { email: "ada@example.org", password: "correct horse" }
    expect((await app.post("/api/auth/register", account)).status).toBe(403)
    const link = () => app.running.createSignInLink().split("#code=")[1]
    expect((await app.post("/api/auth/register", { ...account, code: link() })).status).toBe(201)
    expect((await app.post("/api/auth/register", { ...account, code: link() })).status).toBe(409)
    expect((await app.post("/api/auth/login", account)).status).toBe(200)
    for (let i = 0; i < 5; i++)
      expect((await app.post("/api/auth/login", { ...account, password: "wrong" })).status).toBe(401)
    const braked = await app.post("/api/auth/login", { ...account, password: "wrong" })
    expect([braked.status, Number(braked.headers.get("retry-after")) > 0]).toEqual([429, true])
  })

  it("asks for a token on every route but the open ones, unknown routes included", async () => {
    const app = await testApp(play)
    for (const route of Object.values(api)) {
      if ("open" in route) continue
      const response = await fetch(app.running.url + route.path.replace(/:\w+/g, "x"), {
        method: route.method,
      })
      expect([route.path, response.status]).toEqual([route.path, 401])
    }
    expect((await fetch(`${app.running.url}/api/nothing`)).status).toBe(401)
    expect((await app.post("/api/nothing")).status).toBe(404)
  })

  it("answers neither foreign host names nor foreign pages", async () => {
    const app = await testApp(play)
    const from = (headers: Record<string, string>) => app.post("/api/auth/ws-ticket", undefined, headers)
    expect((await from({ origin: "http://evil.example" })).status).toBe(403)
    expect((await from({ origin: "null" })).status).toBe(403)
    expect((await from({ "sec-fetch-site": "cross-site" })).status).toBe(403)
    expect((await from({ origin: app.running.url })).status).toBe(201)
  })
})

describe("bad input", () => {
  it("answers malformed requests with one sentence and no 5xx", async () => {
    const app = await testApp(play)
    const cases: [string, unknown, number, Record<string, string>?][] = [
      ["/api/projects", "{", 400],
      ["/api/projects", [], 400],
      ["/api/projects", {}, 400],
      ["/api/projects", { name: "x", requirements: 7 }, 400],
      ["/api/projects", { name: "x", requirements: "" }, 400],
      ["/api/projects", { name: "x", requirements: " \n" }, 400],
      ["/api/projects", { name: "x", requirements: "- a", surprise: 1 }, 400],
      ["/api/projects", { name: "", requirements: "- a" }, 400],
      ["/api/projects", { name: "x", requirements: `- ${"x".repeat(5 * 1024 * 1024)}` }, 413],
      ["/api/auth/login", { email: "x".repeat(2 * 1024 * 1024), password: "" }, 413],
      ["/api/projects", "a=b", 415, { "content-type": "application/x-www-form-urlencoded" }],
      ["/api/projects", "{}", 415, { "content-type": "text/plain" }],
      ["/api/projects/none/loop/start", {}, 404],
      ["/api/projects/none/specs/generate", undefined, 404],
      ["/api/agents", { name: "x", skills: "all" }, 400],
      ["/api/projects/%2e%2e/loop/pause", {}, 404],
    ]
    for (const [path, body, status, headers] of cases) {
      const response = await app.post(path, body, headers)
      const answer = await bodyOf(response)
      expect([path, response.status, answer]).toEqual([
        path,
        status,
        expect.objectContaining({ error: expect.stringMatching(/\.$/), code: expect.any(String) }),
      ])
    }
  })

  it("refuses folders that cannot be worked in, each with its reason", async () => {
    const app = await testApp(play)
    const file = join(app.workspace, "file")
    writeFileSync(file, "")
    const readOnly = join(app.workspace, "ro")
    mkdirSync(readOnly, { mode: 0o555 })
    const cases: [string, string][] = [
      [join(app.workspace, "none"), "does not exist"],
      [file, "is a file"],
      ["relative/path", "absolute"],
      ["/", "root of the file system"],
      [homedir(), "home directory"],
      [app.dataDir, "Aura's own data"],
      [join(app.dataDir, "db"), "Aura's own data"],
      [join(app.workspace, ".."), "Aura's own data"],
      [readOnly, "read-only"],
    ]
    for (const [workspacePath, reason] of cases) {
      const response = await app.post("/api/projects", { name: "x", requirements: "- a", workspacePath })
      expect([workspacePath, response.status, (await bodyOf(response)).error]).toEqual([
        workspacePath,
        400,
        expect.stringContaining(reason),
      ])
    }
    expect((await app.client.call("listProjects", { query: {} })).items).toEqual([])
  })

  it("names both states of an illegal transition", async () => {
    const app = await testApp(play)
    const project = await app.createProject()
    await app.runAll(project)
    const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    const move = (status: string) =>
      app.post(`/api/projects/${project.id}/tasks/${items[0]?.id}/transition`, { status })
    for (const status of ["pending", "in_progress", "failed", "blocked"]) {
      const response = await move(status)
      expect(response.status).toBe(400)
      expect((await bodyOf(response)).error).toContain(`from done to ${status}`)
    }
    expect((await move("ready")).status).toBe(200)
  })

  it("gives the first answer again for the same Idempotency-Key", async () => {
    const app = await testApp(play)
    const create = () =>
      app.post("/api/projects", { name: "x", requirements: "- a" }, { "idempotency-key": "k1" })
    const [a, b] = await Promise.all([create(), create()])
    expect((await bodyOf(a)).id).toBe((await bodyOf(b)).id)
    expect((await app.client.call("listProjects", { query: {} })).items).toHaveLength(1)
  })
})

describe("the outside", () => {
  it("sends the interface's files compressed to whoever takes that", async () => {
    const app = await testApp(play)
    const page = await (await fetch(app.running.url)).text()
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? ""
    const plain = await fetch(`${app.running.url}${script}`, { headers: { "accept-encoding": "identity" } })
    expect([plain.status, plain.headers.get("content-encoding")]).toEqual([200, null])
    for (const way of ["br", "gzip"]) {
      const response = await fetch(`${app.running.url}${script}`, { headers: { "accept-encoding": way } })
      expect([response.status, response.headers.get("content-encoding")]).toEqual([200, way])
      expect(response.headers.get("content-type")).toContain("javascript")
      expect(response.headers.get("cache-control")).toContain("immutable")
    }
  })

  it("describes every route in its OpenAPI document", async () => {
    const app = await testApp(play)
    const response = await fetch(`${app.running.url}/api/openapi.json`, {
      headers: { authorization: `Bearer ${app.token}` },
    })
    const document = await bodyOf(response)
    for (const route of Object.values(api)) {
      const path = route.path.replace(/:(\w+)/g, "{$1}")
      expect([path, document.paths[path]?.[route.method.toLowerCase()]]).toEqual([
        path,
        expect.objectContaining({ summary: route.summary }),
      ])
    }
  })

  it("sends every event once and in order, over socket and stream alike, from any number on", async () => {
    const app = await testApp(play)
    const project = await app.createProject()
    const { ticket } = await app.client.call("createTicket", {})
    const url = `${app.running.url.replace("http", "ws")}/ws/events`
    const live: AuraEvent[] = []
    const socket = new WebSocket(`${url}?token=${ticket}&after=0`)
    socket.addEventListener("message", ({ data }) => {
      const event = JSON.parse(String(data))
      if ("seq" in event) live.push(event)
    })
    await new Promise((resolve) => socket.addEventListener("open", resolve))
    await app.runAll(project)
    const stored = await app.events()
    while (live.length < stored.length)
      await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }))
    expect(live.map((event) => event.seq)).toEqual(stored.map((_, i) => i + 1))
    expect(JSON.stringify(live)).not.toContain("passwordHash")
    socket.close()

    const again = new WebSocket(`${url}?token=${ticket}&after=0`)
    expect(
      await new Promise((resolve) => again.addEventListener("close", (event) => resolve(event.wasClean))),
    ).toBe(false)

    const half = Math.floor(stored.length / 2)
    const stream = await app.client.open("streamEvents", { query: { after: half, project: project.id } })
    const seen: number[] = []
    let text = ""
    for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      seen.push(...[...chunk.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1])))
      if (seen.at(-1) === stored.length) break
    }
    expect(seen).toEqual(stored.map((event) => event.seq).filter((seq) => seq > half))
    expect(text).toContain('"type":"loop.finished"')
  })

  it("reads and writes files inside attached workspaces only", async () => {
    const app = await testApp(play)
    const project = await app.createProject()
    const where = { projectId: project.id, path: "dir/x.txt" }
    const put = (body: object) =>
      fetch(`${app.running.url}/api/files`, {
        method: "PUT",
        headers: { authorization: `Bearer ${app.token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      })
    expect((await put({ ...where, content: "hello" })).status).toBe(200)
    const read = await app.client.call("readFile", { body: where })
    expect(read.content).toBe("hello")
    expect(
      (await app.client.call("readFile", { body: { path: join(app.workspace, "dir/x.txt") } })).digest,
    ).toBe(read.digest)
    expect((await put({ ...where, content: "new", ifDigest: "other" })).status).toBe(409)
    for (const path of ["../x", "/etc/passwd", ".git/config", "dir/../../x"]) {
      expect([path, (await app.post("/api/files/read", { projectId: project.id, path })).status]).toEqual([
        path,
        403,
      ])
    }
    expect((await app.post("/api/files/read", { path: "/etc/passwd" })).status).toBe(403)
  })

  it("keeps the key to itself", async () => {
    const app = await testApp(play)
    const key = "sk-ant-test-0123456789abcdef"
    expect(await app.client.call("setApiKey", { body: { key } })).toMatchObject({
      status: "valid",
      source: "settings",
    })
    const shown = JSON.stringify([
      await app.client.call("getApiKey", {}),
      await app.client.call("getSettings", {}),
      await app.events(),
    ])
    expect(shown).not.toContain(key)
    await app.client.call("removeApiKey", {})
    expect(await app.client.call("getApiKey", {})).toMatchObject({ source: "environment" })
  })
})
