import { describe, expect, onTestFinished, test } from "vitest"
import type { Message, ModelEvent, ModelRequest } from "../model.ts"
import { parseScreenplay } from "../screenplay/screenplay.ts"
import { startModelServer } from "../screenplay/server.ts"
import { createClaude } from "./claude.ts"

const request: ModelRequest = {
  model: "claude-opus-5-5",
  system: "Be brief.",
  messages: [{ role: "user", content: [{ type: "text", text: "Hello?" }] }],
  tools: [{ name: "look", description: "Looks", inputSchema: { type: "object" }, isLong: true }],
  maxTokens: 1000,
  effort: "high",
  cacheFor: "1h",
}

async function open(...replies: object[]) {
  const scenes = [{ when: { phase: "chat" }, then: "repeat", replies }]
  const server = await startModelServer({ screenplay: parseScreenplay(JSON.stringify({ scenes })), port: 0 })
  onTestFinished(() => server.close())
  const slept: number[] = []
  const claude = createClaude({
    apiKey: "k",
    baseUrl: server.url,
    now: () => 0,
    random: () => 1,
    sleep: async (ms) => void slept.push(ms),
  })
  async function ask(more: Partial<ModelRequest> = {}): Promise<ModelEvent[]> {
    const events: ModelEvent[] = []
    for await (const event of claude.stream({ ...request, ...more }, new AbortController().signal))
      events.push(event)
    return events
  }
  return { ask, slept, requests: server.requests }
}

const refuse = (message: string) => ({ text: "Yes.", fault: { status: 400, message } })

describe("a request that a server refuses is built anew and sent again", () => {
  test.each([
    ["thinking.adaptive.block_binding: Extra inputs are not permitted", "block_binding"],
    ["output_config: Extra inputs are not permitted", "output_config"],
    ["This model does not support the effort parameter.", "output_config"],
    ["tools.0.custom.eager_input_streaming: Extra inputs are not permitted", "eager_input_streaming"],
    ["system.0.cache_control.ephemeral.ttl: Extra inputs are not permitted", "ttl"],
    ["thinking: Extra inputs are not permitted", '"thinking":'],
    ["`thinking` is not supported by this model", '"thinking":'],
  ])("without what it does not take: %s", async (message, gone) => {
    const { ask, requests, slept } = await open(refuse(message))
    const events = await ask()
    expect(events.at(-1)).toMatchObject({ reply: { blocks: [{ text: "Yes." }] } })
    expect(events.filter(({ type }) => type === "notice")).toHaveLength(1)
    expect(requests.map((body) => JSON.stringify(body).includes(gone))).toEqual([true, false])
    expect((await ask()).map(({ type }) => type)).toEqual(["text", "reply"])
    expect(JSON.stringify(requests.at(-1))).not.toContain(gone)
    expect(slept).toEqual([])
  })

  test("with the longest reply it gives", async () => {
    const { ask, requests } = await open(
      refuse(
        "max_tokens: 1000 > 512, which is the maximum allowed number of output tokens for claude-opus-5-5",
      ),
    )
    expect((await ask()).at(-1)).toMatchObject({ type: "reply" })
    expect(requests.map(({ max_tokens }) => max_tokens)).toEqual([1000, 512])
  })

  test("without thoughts whose signature it does not know, and with those of later replies", async () => {
    const { ask, requests } = await open({ thinking: "Hm.", text: "Yes." })
    const messages: Message[] = [
      ...request.messages,
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "changed", signature: "forged" },
          { type: "text", text: "Well." },
        ],
      },
      { role: "user", content: [{ type: "text", text: "Go on." }] },
    ]
    const events = await ask({ messages })
    const last = events.at(-1)
    expect(events.find(({ type }) => type === "notice")).toMatchObject({
      text: expect.stringContaining("without the thoughts of 1 replies"),
    })
    if (last?.type !== "reply") throw new Error("there was no reply")
    messages.push(
      { role: "assistant", content: last.reply.blocks },
      { role: "user", content: [{ type: "text", text: "?" }] },
    )
    expect((await ask({ messages })).map(({ type }) => type)).toEqual(["thinking", "text", "reply"])
    const sent = JSON.stringify(requests.at(-1))
    expect([sent.includes("forged"), sent.includes("Hm.")]).toEqual([false, true])
  })

  test("not where nothing can be left out", async () => {
    const { ask, requests } = await open(refuse("messages: text is wrong"))
    expect((await ask()).at(-1)).toMatchObject({ type: "failed", failure: { kind: "bad_request" } })
    expect(requests).toHaveLength(1)
  })

  test("not without end where the server refuses the same again", async () => {
    const always = {
      text: "Yes.",
      fault: { status: 400, message: "thinking block effort ttl block_binding", times: 99 },
    }
    const { ask, requests } = await open(always)
    expect((await ask()).at(-1)).toMatchObject({ type: "failed" })
    expect(requests.length).toBeLessThanOrEqual(7)
  })
})

test("the rate limit told with one answer is waited out before the next request, and the reason is shown", async () => {
  const headers = {
    "anthropic-ratelimit-requests-remaining": "0",
    "anthropic-ratelimit-requests-reset": new Date(20_000).toISOString(),
  }
  const { ask, slept } = await open({ text: "Yes.", headers })
  await ask()
  expect((await ask())[0]).toMatchObject({
    type: "waiting",
    reason: expect.stringContaining("0 requests left"),
    untilMs: 20_000,
  })
  expect(slept).toEqual([20_000])
})
