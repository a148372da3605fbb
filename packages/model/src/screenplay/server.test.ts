import { afterEach, describe, expect, test } from "vitest"
import { type Json, objectOf, parseObject, textOf } from "../json.ts"
import { parseScreenplay } from "./screenplay.ts"
import { type ModelServer, type ModelServerOptions, startModelServer } from "./server.ts"

const screenplay = parseScreenplay(`
scenes:
  - when: { phase: chat }
    then: repeat
    replies: [{ text: "Good morning, and a long one", calls: [{ tool: look, input: { path: a } }] }]
  - when: { phase: work, task: Full }
    replies: [{ text: Nearly full, usage: { share: 0.55 } }]
`)

const servers: ModelServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function start(options: Partial<ModelServerOptions> = {}): Promise<ModelServer> {
  const server = await startModelServer({ screenplay, port: 0, ...options })
  servers.push(server)
  return server
}

async function post(server: ModelServer, more: Json = {}): Promise<Response> {
  const body = {
    model: "claude-opus-5-5",
    max_tokens: 10,
    messages: [{ role: "user", content: "Hi" }],
    ...more,
  }
  return await fetch(`${server.url}/v1/messages`, { method: "POST", body: JSON.stringify(body) })
}

describe("the model server", () => {
  test("streams the events of the API in their order", async () => {
    const response = await post(await start(), { stream: true })
    expect(response.headers.get("content-type")).toContain("text/event-stream")
    const frames = (await response.text()).trim().split("\n\n")
    const events = frames.map((frame) => parseObject(frame.split("\ndata: ")[1] ?? ""))
    expect(frames.map((frame) => frame.split("\n")[0])).toEqual(
      events.map((event) => `event: ${textOf(event?.type)}`),
    )
    expect(events.map((event) => event?.type)).toEqual([
      "message_start",
      "ping",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ])
    expect(events[5]).toMatchObject({
      index: 1,
      content_block: { type: "tool_use", name: "look", input: {} },
    })
    expect(events[8]).toMatchObject({ delta: { stop_reason: "tool_use" }, usage: { output_tokens: 17 } })
  })

  test("answers whole when no stream is asked for", async () => {
    const message = objectOf(await (await post(await start())).json())
    expect(message).toMatchObject({
      type: "message",
      role: "assistant",
      content: [{ type: "text" }, { type: "tool_use", input: { path: "a" } }],
      stop_reason: "tool_use",
    })
  })

  test("writes in small pieces when it has a pace", async () => {
    const response = await post(await start({ pace: { charsPerSec: 100_000 } }), { stream: true })
    const deltas = (await response.text()).match(/"text_delta","text":"[^"]*"/g)
    expect(deltas).toEqual(['"text_delta","text":"Good morning, and a long"', '"text_delta","text":" one"'])
  })

  test("refuses what the API refuses, in its words and with an id", async () => {
    const response = await post(await start(), { max_tokens: 0 })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      type: "error",
      error: { type: "invalid_request_error", message: expect.stringContaining("max_tokens") },
      request_id: response.headers.get("request-id"),
    })
  })

  test("refuses loudly what no scene expects", async () => {
    const response = await post(await start(), {
      tools: [{ name: "create_spec", input_schema: { type: "object" } }],
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain("No scene fits this request. It came in phase specs")
  })

  test.each([
    [undefined, 550_000],
    [20_000, 11_000],
  ])("fills a share of the window of %s tokens", async (contextWindow, size) => {
    const messages = [{ role: "user", content: "# Task: Full\nAttempt 1, part 1" }]
    const tools = [{ name: "task_done", input_schema: { type: "object" } }]
    const { usage } = objectOf(await (await post(await start({ contextWindow }), { messages, tools })).json())
    const counts = Object.values(objectOf(usage)).filter((count) => typeof count === "number")
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(size)
  })

  test("lists its models, says hello, and knows nothing else", async () => {
    const { url } = await start()
    expect(await (await fetch(`${url}/v1/models?limit=1`)).json()).toHaveProperty("data")
    expect((await fetch(url, { method: "HEAD" })).status).toBe(200)
    expect((await fetch(`${url}/v1/complete`, { method: "POST", body: "{}" })).status).toBe(404)
  })

  test("keeps the latest requests, not all of them", async () => {
    const server = await start()
    for (let i = 0; i < 205; i++) await post(server, { metadata: { user_id: `${i}` } })
    expect(server.requests).toHaveLength(200)
    expect(server.requests.at(-1)?.metadata).toEqual({ user_id: "204" })
  })

  test("says when its port is taken", async () => {
    const { port } = await start()
    await expect(startModelServer({ screenplay, port })).rejects.toThrow("EADDRINUSE")
  })
})
