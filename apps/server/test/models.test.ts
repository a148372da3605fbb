import { createServer } from "node:http"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { done, screenplayOf, specsScene, tasksScene, testApp, useBareHome, work, write } from "./_app.ts"

useBareHome()
const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
  work("Make a", [{ calls: [write("a.txt", "a")] }, done()]),
)

describe("the models in use", () => {
  it("are shown with what is known about them, and with what was entered", async () => {
    const app = await testApp(play)
    const list = async () => (await app.client.call("listModels", {})).items
    expect(await list()).toMatchObject([
      {
        id: "claude-opus-5-5",
        roles: ["model"],
        contextWindow: 1_000_000,
        priceSource: "published",
        warnings: [],
      },
      { id: "claude-haiku-5-5", roles: ["fastModel"] },
    ])
    const models = { "my-llm": { contextWindow: 32_768, inputUsd: 0.5, outputUsd: 2 } }
    await app.client.call("updateSettings", {
      body: { model: "my-llm", fallbackModel: "claude-sonnet-4-5", models },
    })
    expect(await list()).toMatchObject([
      { id: "my-llm", contextWindow: 32_768, priceSource: "entered", isKnown: false, warnings: [] },
      { id: "claude-haiku-5-5" },
      { id: "claude-sonnet-4-5", endOfLife: "2026-11-30" },
    ])
    expect((await app.client.call("getSettings", {})).models).toEqual(models)
    await app.client.call("updateSettings", { body: { models: {} } })
    expect((await list())[0]).toMatchObject({
      priceSource: "unknown",
      warnings: [
        expect.stringContaining("a budget in USD cannot hold"),
        expect.stringContaining("does not know"),
      ],
    })
  })

  it("have their facts filled in from the server's own list", async () => {
    const row = {
      id: "my-llm",
      context_length: 65_536,
      pricing: { prompt: "0.000001", completion: "0.000002" },
    }
    let asked = 0
    const server = createServer((_, response) => {
      asked += 1
      response.setHeader("content-type", "application/json").end(JSON.stringify({ data: [row] }))
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === "object" ? address?.port : 0
    const app = await testApp(play, { modelUrl: `http://127.0.0.1:${port}`, env: { AURA_MODEL: "my-llm" } })
    const ask = async () => (await app.client.call("listModels", {})).items[0]
    await ask()
    const facts = {
      contextWindow: 65_536,
      priceSource: "published",
      inputUsd: 1,
      outputUsd: 2,
      isKnown: false,
    }
    await vi.waitFor(async () => expect(await ask()).toMatchObject(facts))
    expect(asked).toBe(1)
  })

  it.each([
    { models: { m: { contextWindow: 10 } } },
    { models: { m: { price: 1 } } },
    { models: { "": {} } },
    { efforts: { work: "lots" } },
    { efforts: { sleep: "low" } },
  ])("refuse what makes no sense: %j", async (body) => {
    const app = await testApp(play)
    const response = await fetch(`${app.running.url}/api/settings`, {
      method: "PUT",
      headers: { authorization: `Bearer ${app.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(400)
  })

  it("are asked with the effort of the work, the template's before that of Settings", async () => {
    const app = await testApp(play)
    await app.client.call("updateSettings", { body: { efforts: { plan: "low" } } })
    expect((await app.client.call("getSettings", {})).efforts).toEqual({
      plan: "low",
      work: "high",
      chat: "medium",
    })
    const project = await app.createProject()
    const agent = await app.client.call("createAgent", { body: { name: "Quick", effort: "max" } })
    const [instance] = (await app.client.call("listInstances", { params: { p: project.id }, query: {} }))
      .items
    if (!instance) throw new Error("the project has no instance")
    const added = await app.client.call("createInstance", {
      params: { p: project.id },
      body: { agentId: agent.id, workspace: instance.workspace },
    })
    await app.plan(project)
    await app.client.call("startLoop", { params: { p: project.id }, body: { instanceId: added.id } })
    await app.idle()
    const efforts = app.model.requests.map(({ output_config }) => JSON.stringify(output_config))
    expect(new Set(efforts)).toEqual(new Set(['{"effort":"low"}', '{"effort":"max"}']))
  })

  it("say that a budget cannot hold where nobody knows the price", async () => {
    const app = await testApp(play)
    await app.client.call("updateSettings", { body: { model: "my-llm", budgetUsd: 5 } })
    const project = await app.createProject()
    await app.runAll(project)
    const rows = (await app.events()).flatMap((event) => ("rows" in event ? (event.rows?.entries ?? []) : []))
    const notes = rows.filter((row) => row.kind === "note" && row.level === "warn")
    expect(JSON.stringify(notes)).toContain("The budget of $5.00 cannot hold: nobody knows what my-llm costs")
  })
})
