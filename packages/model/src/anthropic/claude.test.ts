import { afterEach, describe, expect, test } from "vitest"
import { malformedInput } from "../malformed.ts"
import type { Model, ModelEvent, ModelRequest, Reply } from "../model.ts"
import { createScreenplayModel } from "../screenplay/model.ts"
import { type Fault, parseScreenplay } from "../screenplay/screenplay.ts"
import { type ModelServer, startModelServer } from "../screenplay/server.ts"
import { createClaude } from "./claude.ts"

const request: ModelRequest = {
  model: "claude-opus-5-5",
  system: "Be brief.",
  messages: [{ role: "user", content: [{ type: "text", text: "Hello?" }] }],
  tools: [{ name: "look", description: "Looks", inputSchema: { type: "object" } }],
  maxTokens: 1000,
}

const servers: ModelServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** Clock and sleep that only exist in the test: sleeping is moving the hands. */
function createClock() {
  const slept: number[] = []
  let time = Date.parse("2026-11-23T10:00:00Z")
  return {
    slept,
    now: () => time,
    sleep: async (ms: number) => {
      slept.push(ms)
      time += ms
    },
  }
}

const answer = { thinking: "hm", text: "Hello!", calls: [{ tool: "look", input: { path: "a.ts" } }] }
const play = (reply: object) =>
  parseScreenplay(JSON.stringify({ scenes: [{ when: { phase: "chat" }, replies: [reply] }] }))

async function serve(reply: object): Promise<ModelServer> {
  const server = await startModelServer({ screenplay: play(reply), port: 0 })
  servers.push(server)
  return server
}

async function listenTo(
  model: Model,
  signal = new AbortController().signal,
  more: Partial<ModelRequest> = {},
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of model.stream({ ...request, ...more }, signal)) events.push(event)
  return events
}

/** Claude over HTTP, and its twin in the process, before the same screenplay. */
const twins = [
  [
    "claude",
    async (reply: object, clock: ReturnType<typeof createClock>) => {
      const { url } = await serve(reply)
      return createClaude({ apiKey: "sk-ant-test-key", baseUrl: url, random: () => 1, stallMs: 50, ...clock })
    },
  ],
  [
    "the twin",
    async (reply: object, clock: ReturnType<typeof createClock>) =>
      createScreenplayModel(play(reply), { random: () => 1, ...clock }),
  ],
] as const

describe.each(twins)("%s", (name, create) => {
  async function ask(reply: object) {
    const clock = createClock()
    const events = await listenTo(await create(reply, clock))
    return { events, slept: clock.slept, last: events.at(-1) }
  }

  test("streams thoughts, text and tool calls and ends with the whole reply", async () => {
    const { events } = await ask(answer)
    expect(events.map(({ type }) => type)).toEqual(["thinking", "text", "tool_start", "tool_input", "reply"])
    expect(events.at(-1)).toMatchObject({
      reply: {
        blocks: [
          { type: "thinking", thinking: "hm" },
          { type: "text", text: "Hello!" },
          { type: "tool_use", name: "look", input: { path: "a.ts" } },
        ],
        stopReason: "tool_use",
        model: "claude-opus-5-5",
        requestId: "req_000001",
      },
    })
  })

  test("reports tokens of every class and their price", async () => {
    const usage = { input: 10, cacheWrite: 100, cacheRead: 1000, output: 50 }
    const { last } = await ask({ ...answer, usage })
    expect(last).toMatchObject({
      reply: { usage: { inputTokens: 10, cacheWriteTokens: 100, cacheReadTokens: 1000, outputTokens: 50 } },
    })
    const { costUsd } = (last?.type === "reply" && last.reply.usage) || { costUsd: 0 }
    expect(costUsd).toBeCloseTo((10 * 4 + 100 * 5 + 1000 * 0.2 + 50 * 20) / 1e6)
  })

  const passing: [string, Fault, number[]][] = [
    ["a rate limit, for as long as asked", { status: 429, retryAfterSecs: 7, times: 2 }, [7000, 7000]],
    ["a rate limit without a word how long", { status: 429, times: 3 }, [1000, 2000, 4000]],
    ["an overload", { status: 529, times: 1 }, [1000]],
    ["an inner error", { status: 500, times: 1 }, [1000]],
    ["a connection that breaks in the middle", { drop: 4, times: 1 }, [1000]],
    ["a connection that breaks before the first event", { drop: 0, times: 1 }, [1000]],
    ["a reply that ends without its end", { truncate: 5, times: 1 }, [1000]],
    ["an overload in the middle of a reply", { errorEvent: "overloaded_error", times: 1 }, [1000]],
  ]
  test.each(passing)("waits out %s", async (_, fault, waits) => {
    const { events, slept, last } = await ask({ ...answer, fault })
    expect(slept).toEqual(waits)
    expect(last?.type).toBe("reply")
    const waiting = events.filter((event) => event.type === "waiting")
    expect(waiting.map(({ attempt }) => attempt)).toEqual(waits.map((_, i) => i + 1))
    expect(waiting[0]?.reason).toMatch(/\.$/)
  })

  const final: [string, Fault, string][] = [
    ["a wrong key", { status: 401, times: 9 }, "auth"],
    ["an account without credit", { status: 402, times: 9 }, "credit"],
    ["a model it may not use", { status: 404, message: "model: claude-opus-5-5", times: 9 }, "not_allowed"],
    ["an invalid request", { status: 400, message: "no", times: 9 }, "bad_request"],
    ["a conversation too long", { status: 400, message: "prompt is too long", times: 9 }, "too_long"],
    ["a refusal in the middle of a reply", { errorEvent: "permission_error", times: 9 }, "auth"],
  ]
  test.each(final)("fails at once on %s", async (_, fault, kind) => {
    const { events, slept } = await ask({ ...answer, fault })
    expect(slept).toEqual([])
    expect(events.at(-1)).toMatchObject({ type: "failed", failure: { kind, requestId: "req_000001" } })
  })

  test("gives malformed tool input as the text it was", async () => {
    const { last } = await ask({ ...answer, fault: { malformed: true } })
    const block = last?.type === "reply" ? last.reply.blocks.at(-1) : undefined
    expect(block).toMatchObject({ type: "tool_use", input: { [malformedInput]: '{"path":"a.ts"' } })
  })

  test("stops waiting when it is called off", async () => {
    const stop = new AbortController()
    const clock = { ...createClock(), sleep: async () => stop.abort() }
    const events = await listenTo(
      await create({ ...answer, fault: { status: 529, times: 99 } }, clock),
      stop.signal,
    )
    expect(events.map(({ type }) => type)).toEqual(["waiting", "failed"])
    expect(events.at(-1)).toMatchObject({ failure: { kind: "aborted" } })
  })

  test("does nothing for a caller who has gone already", async () => {
    const events = await listenTo(await create(answer, createClock()), AbortSignal.abort())
    expect(events).toEqual([{ type: "failed", failure: expect.objectContaining({ kind: "aborted" }) }])
  })

  test(`is ${name === "claude" ? "Claude" : "a model"} of whom one key at most can be checked`, async () => {
    const model = await create(answer, createClock())
    const checked = await model.checkKey(new AbortController().signal)
    expect(checked).toBe(name === "claude" ? "valid" : "unchecked")
  })
})

describe("claude over the network", () => {
  const fresh = new AbortController().signal

  test("asks again when a reply stalls", async () => {
    const clock = createClock()
    const { url, requests } = await serve({ ...answer, fault: { stall: 60_000 } })
    const model = createClaude({ apiKey: "k", baseUrl: url, random: () => 1, stallMs: 30, ...clock })
    const events = await listenTo(model)
    expect(events.find((event) => event.type === "waiting")?.reason).toContain("nothing came from it")
    expect(events.at(-1)?.type).toBe("reply")
    expect(requests).toHaveLength(2)
  })

  test("can be called off in the middle of a reply", async () => {
    const stop = new AbortController()
    const server = await startModelServer({ screenplay: play(answer), port: 0, pace: { charsPerSec: 50 } })
    servers.push(server)
    const model = createClaude({ apiKey: "k", baseUrl: server.url, random: () => 1, ...createClock() })
    const types: string[] = []
    for await (const event of model.stream(request, stop.signal)) {
      types.push(event.type)
      stop.abort()
    }
    expect(types).toEqual(["thinking", "failed"])
  })

  test("asks only so often as it is told to", async () => {
    const { url } = await serve({ ...answer, fault: { status: 529, times: 99 } })
    const clock = createClock()
    const model = createClaude({
      apiKey: "k",
      baseUrl: url,
      random: () => 1,
      policy: { attempts: 2 },
      ...clock,
    })
    expect((await listenTo(model)).map(({ type }) => type)).toEqual(["waiting", "failed"])
  })

  test("waits while nobody answers at its address, and says why", async () => {
    const { url, close } = await startModelServer({ screenplay: play(answer), port: 0 })
    await close()
    const stop = new AbortController()
    const model = createClaude({
      apiKey: "k",
      baseUrl: url,
      ...createClock(),
      random: () => 1,
      sleep: async () => stop.abort(),
    })
    const [waiting] = await listenTo(model, stop.signal)
    expect(waiting).toMatchObject({ type: "waiting", reason: expect.stringContaining("ECONNREFUSED") })
    expect(await model.checkKey(fresh)).toBe("unchecked")
  })

  test("finds its server also by an address that ends in /v1/", async () => {
    const { url } = await serve(answer)
    const model = createClaude({ apiKey: "k", baseUrl: `${url}/v1/`, random: () => 1, ...createClock() })
    expect((await listenTo(model)).at(-1)?.type).toBe("reply")
  })

  test.each([
    ["no key", null, null, "auth", "There is no API key. Enter one in Settings or set ANTHROPIC_API_KEY"],
    ["a key with a line break", "sk\nx", null, "auth", "characters no key has"],
    ["an address that is none", "k", "localhost", "not_allowed", "is no address of a server"],
  ])("can be made with %s, and says what is wrong when asked", async (_, apiKey, baseUrl, kind, words) => {
    const model = createClaude({ apiKey, baseUrl, random: () => 1, ...createClock() })
    expect(await listenTo(model)).toEqual([
      { type: "failed", failure: { kind, message: expect.stringContaining(words) } },
    ])
    expect(await model.checkKey(fresh)).toBe("unchecked")
  })

  test("never shows its key, even when the provider repeats it", async () => {
    const apiKey = "my-secret-gateway-key"
    const { url } = await serve({ ...answer, fault: { status: 401, message: `bad key ${apiKey}` } })
    const model = createClaude({ apiKey, baseUrl: url, random: () => 1, ...createClock() })
    expect(JSON.stringify(await listenTo(model))).not.toContain(apiKey)
  })

  test("reads from the cache what the turn before wrote", async () => {
    const { url } = await serve({ text: "Yes." })
    const model = createClaude({ apiKey: "k", baseUrl: url, random: () => 1, ...createClock() })
    const replies: Reply[] = []
    const long = { system: "Be brief. ".repeat(1000) }
    for (const event of [...(await listenTo(model, fresh, long)), ...(await listenTo(model, fresh, long))]) {
      if (event.type === "reply") replies.push(event.reply)
    }
    expect(replies[0]?.usage.cacheReadTokens).toBe(0)
    expect(replies[1]?.usage.cacheReadTokens).toBeGreaterThan(replies[1]?.usage.cacheWriteTokens ?? 0)
  })
})
