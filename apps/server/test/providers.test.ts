/** Models of other providers, over real HTTP: chosen by a name in front of the id, each with a key and an address of its own. */
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { parseScreenplay, startModelServer } from "@aura/model"
import { readEnv } from "@aura/server"
import { describe, expect, it, onTestFinished } from "vitest"
import {
  call,
  done,
  screenplayOf,
  specsScene,
  tasksScene,
  testApp,
  useBareHome,
  variablesFor,
  work,
  write,
} from "./_app.ts"

useBareHome()
const example = (name: string) =>
  readFileSync(new URL(`../../../examples/hello/${name}`, import.meta.url), "utf8")

const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
  work("Make a", [{ calls: [write("a.txt", "a")] }, done()]),
)

/** Notes who asks, and refuses. */
async function openStranger(status = 400) {
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(`${request.url} ${request.headers.authorization ?? ""}`)
    response.writeHead(status, { "content-type": "application/json" }).end("{}")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { heard, url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}` }
}

describe("an OpenAI-compatible server", () => {
  it.each(["openai", "responses", "gemini"] as const)(
    "plays the hello example to its proven end, and nobody else is asked: %s",
    async (api) => {
      const stranger = await openStranger()
      const app = await testApp(parseScreenplay(example("screenplay.yaml")), {
        api,
        env: {
          ANTHROPIC_BASE_URL: stranger.url,
          OPENROUTER_BASE_URL: stranger.url,
          OLLAMA_HOST: stranger.url,
        },
      })
      const project = await app.createProject({ requirements: example("requirements.md") })
      await app.runAll(project)
      const { loop } = await app.client.call("getLoop", { params: { p: project.id } })
      expect(loop).toMatchObject({ status: "finished", outcome: "done" })
      expect(stranger.heard).toEqual([])
      const entries = (await app.events()).flatMap((event) => event.rows.entries ?? [])
      const models = entries.flatMap((entry) => (entry.kind === "reply" ? [entry.model] : []))
      expect(new Set(models)).toEqual(new Set([api === "gemini" ? "gemini:scripted" : "openai:scripted"]))
    },
  )

  it("with a small window goes on in new sessions until the work is done", async () => {
    const contextWindow = 16_000
    const half = { usage: { share: 0.8 } }
    const handOff = {
      when: { phase: "hand_off" },
      replies: [{ calls: [call("hand_off", { summary: "a.txt is written." })] }],
    }
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
        handOff,
        work("Make a", [{ calls: [write("a.txt", "a")], ...half }]),
        work("Make a", [done()], { part: 2 }),
      ),
      {
        api: "openai",
        contextWindow,
        env: { AURA_MODELS: JSON.stringify({ "openai:scripted": { contextWindow, maxOutput: 4000 } }) },
      },
    )
    const project = await app.createProject()
    await app.runAll(project)
    const { loop } = await app.client.call("getLoop", { params: { p: project.id } })
    expect(loop).toMatchObject({ outcome: "done" })
    const sessions = (await app.events()).flatMap((event) => event.rows.sessions ?? [])
    expect(sessions.map(({ status }) => status)).toContain("rolled_over")
    const limits = app.model.requests.map(({ max_tokens }) => Number(max_tokens))
    expect(Math.max(...limits)).toBeLessThanOrEqual(4000)
  })
})

describe("providers", () => {
  it("differ from role to role: a fallback of another provider does the work", async () => {
    const claude = await startModelServer({
      screenplay: parseScreenplay(JSON.stringify(play)),
      port: 0,
    })
    onTestFinished(() => claude.close())
    const stranger = await openStranger(503)
    const app = await testApp(play, {
      api: "openai",
      env: {
        ...variablesFor("anthropic", claude.url),
        AURA_MODEL: "openrouter:some/model",
        OPENROUTER_BASE_URL: `${stranger.url}/down`,
        OPENROUTER_API_KEY: "router-key",
        AURA_FALLBACK_MODEL: "claude-haiku-5-5",
      },
      start: { patience: { policy: { firstMs: 1, capMs: 2 } } },
    })
    const project = await app.createProject()
    await app.runAll(project)
    const { loop } = await app.client.call("getLoop", { params: { p: project.id } })
    expect(loop).toMatchObject({ outcome: "done" })
    expect(claude.requests.length).toBeGreaterThan(2)
    expect(stranger.heard).toContain("/down/chat/completions Bearer router-key")
    expect(app.model.requests).toEqual([])
  })

  it("keep a key each, sent only to the address it was entered for", async () => {
    const app = await testApp(play, { api: "openai" })
    const stranger = await openStranger()
    const query = { provider: "openrouter" as const }
    app.running.aura.config.providers = {
      ...app.running.aura.config.providers,
      openrouter: { apiKey: null, baseUrl: `${stranger.url}/api/v1` },
    }
    const key = "sk-or-marker-0123456789"
    expect(await app.client.call("setApiKey", { query, body: { key } })).toMatchObject({ source: "settings" })
    expect(stranger.heard).toEqual([`/api/v1/key Bearer ${key}`])
    expect(await app.client.call("getApiKey", {})).toMatchObject({ status: "not_set" })
    const other = await openStranger()
    app.running.aura.config.providers.openrouter = { apiKey: null, baseUrl: other.url }
    expect((await app.client.call("getApiKey", { query })).problem).toContain("The API key for OpenRouter")
    const model = await app.running.host.models.of({ rehearsal: false })
    const request = { model: "openrouter:a/b", system: "", messages: [], tools: [], maxTokens: 10 }
    for await (const event of model.stream(request, AbortSignal.timeout(5000)))
      expect(event).toMatchObject({ type: "failed", failure: { kind: "auth" } })
    expect(other.heard).toEqual([])
  })

  it("take an address in Settings, to which no key goes that was entered for another", async () => {
    const app = await testApp(play, { api: "openai" })
    const [first, second] = [await openStranger(200), await openStranger(200)]
    const params = { provider: "openrouter" as const }
    const query = params
    const put = (address: string | null) =>
      app.client.call("setProviderAddress", { params, body: { address } })
    expect(await put(`${first.url}/api`)).toMatchObject({
      addressFrom: "settings",
      address: `${first.url}/api`,
    })
    const key = "sk-or-marker-0123456789"
    await app.client.call("setApiKey", { query, body: { key } })
    expect(await app.client.call("checkApiKey", { query })).toMatchObject({
      status: "valid",
      source: "settings",
    })
    expect(first.heard).toEqual([`/api/key Bearer ${key}`, `/api/key Bearer ${key}`])
    expect((await put(second.url)).key.problem).toContain(`was entered for ${first.url}/api`)
    expect(await app.client.call("checkApiKey", { query })).toMatchObject({ status: "unchecked" })
    await expect(app.client.call("listOffered", { params })).rejects.toThrow("was entered for")
    expect(second.heard).toEqual([])
    expect(await put(null)).toMatchObject({
      addressFrom: "provider",
      address: "https://openrouter.ai/api/v1",
    })
    await expect(put("javascript:alert(1)")).rejects.toThrow("is no address")
  })

  it.each(["OPENAI_BASE_URL", "OPENROUTER_BASE_URL", "OLLAMA_HOST", "GEMINI_BASE_URL"])(
    "do not take %s from a folder that agents may write in",
    (name) => {
      const values = { [name]: "http://evil.example" }
      const env = readEnv({}, [{ path: "/x/.env", trust: "workspace", values }])
      expect(env.sources.ignored).toMatchObject([{ name, path: "/x/.env" }])
      expect(env.providers).toEqual({})
      const named = readEnv({}, [{ path: "/x/.env", trust: "named", values }])
      expect(Object.values(named.providers)).toMatchObject([{ baseUrlFile: "/x/.env" }])
    },
  )
})
