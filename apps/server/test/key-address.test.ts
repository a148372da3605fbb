/** A key entered in Settings goes to the provider it was entered for, whatever address is configured later. */
import { createServer } from "node:http"
import { settings } from "@aura/domain"
import { readEnv, startServer } from "@aura/server"
import { expect, it, onTestFinished } from "vitest"
import { screenplayOf, specsScene, type TestApp, testApp } from "./_app.ts"

const marker = "sk-ant-marker-0123456789abcdef"

/** A server that notes all that is sent to it and refuses. */
async function openStranger() {
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(JSON.stringify(request.headers))
    response.writeHead(400, { "content-type": "application/json" }).end("{}")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { heard, url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}` }
}

/** Starts again on the same data directory, with other variables. */
async function startWith(app: TestApp, variables: NodeJS.ProcessEnv, file?: string) {
  await app.running.stop()
  const files = file
    ? [{ path: "/x/.env", trust: "named" as const, values: { ANTHROPIC_BASE_URL: file } }]
    : null
  const env = readEnv({ AURA_DATA_DIR: app.dataDir, ...variables }, files)
  const said: string[] = []
  const running = await startServer({ env: { ...env, port: 0 }, log: (line) => said.push(line) })
  onTestFinished(() => running.stop())
  const code = running.createSignInLink().split("#code=")[1]
  const signedIn = await fetch(`${running.url}/api/auth/exchange`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  })
  const { access_token: token } = JSON.parse(await signedIn.text())
  const get = async (path: string) => {
    const answer = await fetch(running.url + path, { headers: { authorization: `Bearer ${token}` } })
    return JSON.parse(await answer.text())
  }
  return { running, said, get }
}

async function withStoredKey() {
  const app = await testApp(screenplayOf(specsScene("Core")))
  await app.client.call("setApiKey", { body: { key: marker } })
  return app
}

const ask = {
  model: "claude-opus-5-5",
  system: "",
  messages: [],
  tools: [],
  maxTokens: 100,
}

const aura = { kind: "aura", name: "test" } as const

async function firstFailure(running: TestApp["running"]): Promise<string | undefined> {
  const model = await running.host.models.of({ rehearsal: false })
  for await (const event of model.stream(ask, AbortSignal.timeout(5000)))
    if (event.type === "failed") return event.failure.message
  return undefined
}

it("is not sent to another address, and the error says why and what to do", async () => {
  const app = await withStoredKey()
  const stranger = await openStranger()
  const { running, get } = await startWith(app, { ANTHROPIC_BASE_URL: stranger.url })
  const failure = await firstFailure(running)
  expect(failure).toContain(`was entered for ${app.model.url} and is not sent to ${stranger.url}`)
  expect(failure).toContain("in Settings")
  expect(stranger.heard).toEqual([])
  expect(await get("/api/settings/api-key")).toMatchObject({ source: "settings", problem: failure })
})

it("is replaced as a whole by a key for the new address, which never goes to the old one", async () => {
  const app = await withStoredKey()
  const stranger = await openStranger()
  const { running, get } = await startWith(app, { ANTHROPIC_BASE_URL: stranger.url })
  const removed: string[] = []
  running.aura.store.subscribe((event) => removed.push(...(event.removed?.secrets ?? [])))
  await settings.saveApiKey(running.aura, aura, "another-key-0123456789", "unchecked")
  expect(removed).toEqual(["anthropic"])
  expect(await get("/api/settings/api-key")).toMatchObject({ source: "settings", problem: null })
  expect(await settings.storedKey(running.aura, aura)).toBe("another-key-0123456789")
})

it("gives way to a key of the environment for that other address", async () => {
  const app = await withStoredKey()
  const stranger = await openStranger()
  const { running } = await startWith(app, {
    ANTHROPIC_BASE_URL: stranger.url,
    ANTHROPIC_API_KEY: "other-key",
  })
  await firstFailure(running)
  expect(stranger.heard.join()).toContain("other-key")
  expect(stranger.heard.join()).not.toContain(marker)
})

it("is not redirected by a file: the address there is ignored while a key for another one is stored", async () => {
  const app = await withStoredKey()
  const stranger = await openStranger()
  const { said, get } = await startWith(app, {}, stranger.url)
  expect(said.join()).toContain("ANTHROPIC_BASE_URL in /x/.env is ignored")
  expect((await get("/api/settings")).modelBaseUrl).toBe("https://api.anthropic.com")
})

it("works on at the address it was entered for, also when a file names it, with or without /v1", async () => {
  const app = await withStoredKey()
  const { running, said, get } = await startWith(app, {}, `${app.model.url}/v1/`)
  expect(said).toEqual([])
  expect(await get("/api/settings/api-key")).toMatchObject({ status: "valid", problem: null })
  expect((await running.host.models.of({ rehearsal: false })).checkKey).toBeTypeOf("function")
})
