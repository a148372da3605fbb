/** The provider's weather, API by API, against its strict server: whatever is said, the conversation goes on. */
import { describe, expect, onTestFinished, test } from "vitest"
import { createClaude } from "./anthropic/claude.ts"
import { malformedInput } from "./malformed.ts"
import type { Message, Model, ModelEvent, ModelRequest, Reply } from "./model.ts"
import { createProvider } from "./provider-client.ts"
import type { Api } from "./screenplay/dialects.ts"
import { parseScreenplay } from "./screenplay/screenplay.ts"
import { startModelServer } from "./screenplay/server.ts"

const honest = [
  { thinking: "First look.", text: "I look.", calls: [{ tool: "look", input: { at: 0 } }] },
  {
    thinking: "Two at once.",
    calls: [
      { tool: "look", input: { at: 1 } },
      { tool: "look", input: { at: 2 } },
    ],
  },
  { calls: [{ tool: "look", input: { at: 3 } }] },
  { thinking: "That is all.", text: "Done.", calls: [{ tool: "task_done", input: {} }] },
]
const places = [0, 1, 3]

type Heard = { replies: Reply[]; waits: number; failure: string | undefined; refused: string[] }
type Fault = {
  instead(reply: object): object[]
  check(heard: Heard, said: Reply | undefined, api: Api): void
}

const isHonest = ({ replies, failure }: Heard) => {
  expect(failure).toBeUndefined()
  const calls = replies.flatMap(({ blocks }) => blocks.filter(({ type }) => type === "tool_use"))
  expect(calls.at(-1)).toMatchObject({ name: "task_done" })
}
const waitsOut = (fault: object): Fault => ({
  instead: (reply) => [{ ...reply, fault }],
  check: (heard) => {
    isHonest(heard)
    expect(heard.replies).toHaveLength(honest.length)
    expect(heard.waits).toBeGreaterThan(0)
  },
})
const says = (said: object, check: Fault["check"]): Fault => ({
  instead: (reply) => [said, reply],
  check: (heard, reply, api) => {
    isHonest(heard)
    expect(heard.replies).toHaveLength(honest.length + 1)
    expect(heard.waits).toBe(0)
    check(heard, reply, api)
  },
})
const stops =
  (reason: string): Fault["check"] =>
  (_, said) =>
    expect(said?.stopReason).toBe(reason)
const write = { tool: "write_file", input: { path: "x", content: "half" } }

const faults: Record<string, Fault> = {
  "429 with retry-after": waitsOut({ status: 429, retryAfterSecs: 0.01 }),
  "429 without": waitsOut({ status: 429 }),
  "529": waitsOut({ status: 529 }),
  "500, twice": waitsOut({ status: 500, times: 2 }),
  "503": waitsOut({ status: 503 }),
  "a dropped stream": waitsOut({ drop: 3 }),
  "a stream dropped before its first event": waitsOut({ drop: 0 }),
  "a truncated stream": waitsOut({ truncate: 4 }),
  "a stalled stream": waitsOut({ stall: 60_000 }),
  "an error event in the stream": waitsOut({ errorEvent: "overloaded_error" }),
  "malformed tool JSON": says({ calls: [write], fault: { malformed: true } }, (_, said, api) =>
    // Gemini tells of such a call in words.
    expect(said?.blocks.at(-1)).toMatchObject(
      api === "gemini"
        ? { text: expect.stringContaining("Malformed function call") }
        : { input: { [malformedInput]: expect.any(String) } },
    ),
  ),
  "an unknown tool": says({ calls: [{ tool: "make_coffee", input: { cups: 2 } }] }, (_, said) =>
    expect(said?.blocks.at(-1)).toMatchObject({ name: "make_coffee", input: { cups: 2 } }),
  ),
  "a tool without its input": says({ calls: [{ tool: "write_file", input: {} }] }, stops("tool_use")),
  "text cut by max_tokens": says({ text: "I shall now", stop: "max_tokens" }, stops("max_tokens")),
  "a call cut by max_tokens": says(
    { calls: [write], stop: "max_tokens", fault: { malformed: true } },
    stops("max_tokens"),
  ),
  "a refusal": says({ text: "I would rather not.", stop: "refusal" }, stops("refusal")),
  "a refusal without a word": says({ stop: "refusal" }, stops("refusal")),
  "a pause": says({ text: "One moment.", stop: "pause_turn" }, (_, said, api) =>
    expect(said?.stopReason).toBe(api === "anthropic" ? "pause_turn" : "end_turn"),
  ),
  "an empty reply": says({}, (_, said) => expect(said?.blocks).toEqual([])),
  "only thoughts": says({ thinking: "Hm." }, (_, said) =>
    expect(said?.blocks).toMatchObject([{ type: "thinking", thinking: "Hm." }]),
  ),
  "a window that is exceeded": says({ text: "So", stop: "model_context_window_exceeded" }, (_, said) =>
    expect(["max_tokens", "model_context_window_exceeded"]).toContain(said?.stopReason),
  ),
  "a prompt that is too long": {
    instead: () => [
      { fault: { status: 400, message: "prompt is too long: 9 tokens > 8 maximum", times: 9 } },
    ],
    check: ({ failure }) => expect(failure).toBe("too_long"),
  },
  "an invalid request": {
    instead: () => [{ fault: { status: 400, message: "field: wrong", times: 9 } }],
    check: ({ failure }) => expect(failure).toBe("bad_request"),
  },
}

const models: Record<Api, string> = {
  anthropic: "claude-opus-5-5",
  openai: "openai:scripted",
  responses: "openai:scripted",
  gemini: "gemini:scripted",
}

function connect(api: Api, url: string): Model {
  const choices = {
    apiKey: "test-key",
    now: Date.now,
    random: () => 1,
    stallMs: 250,
    policy: { firstMs: 1, capMs: 2 },
  }
  if (api === "anthropic") return createClaude({ ...choices, baseUrl: url })
  if (api === "gemini") return createProvider({ ...choices, provider: "gemini", baseUrl: `${url}/v1beta` })
  const baseUrl = api === "responses" ? `${url}/v1/responses` : `${url}/v1`
  return createProvider({ ...choices, provider: "openai", baseUrl })
}

const tool = (name: string) => ({ name, description: name, inputSchema: { type: "object" } })

/** Works as the loop between model and tools does: each call has a result, each rest a word. */
async function converse(api: Api, replies: readonly object[]): Promise<Heard> {
  const scenes = [{ when: { phase: "work" }, replies }]
  const screenplay = parseScreenplay(JSON.stringify({ scenes }))
  const server = await startModelServer({ screenplay, port: 0, api })
  onTestFinished(() => server.close())
  const model = connect(api, server.url)
  const messages: Message[] = [
    { role: "user", content: [{ type: "text", text: "# Task: Look\nAttempt 1, part 1" }] },
  ]
  const heard: Heard = { replies: [], waits: 0, failure: undefined, refused: [] }
  while (heard.replies.length < replies.length) {
    const request: ModelRequest = {
      model: models[api],
      system: "You look. ".repeat(1000),
      messages,
      tools: [tool("look"), tool("write_file"), tool("task_done")],
      maxTokens: 4000,
      effort: "high",
    }
    const events: ModelEvent[] = []
    for await (const event of model.stream(request, AbortSignal.timeout(10_000))) events.push(event)
    heard.waits += events.filter(({ type }) => type === "waiting").length
    heard.refused.push(...events.flatMap((event) => (event.type === "notice" ? [event.text] : [])))
    const last = events.at(-1)
    if (last?.type !== "reply") {
      heard.failure = last?.type === "failed" ? last.failure.kind : "silence"
      return heard
    }
    heard.replies.push(last.reply)
    const { blocks } = last.reply
    const results = blocks.flatMap((block) =>
      block.type === "tool_use"
        ? [{ type: "tool_result" as const, toolUseId: block.id, output: "", isError: block.name !== "look" }]
        : [],
    )
    messages.push({ role: "assistant", content: blocks })
    if (results.length > 0) messages.push({ role: "user", content: results })
    else messages.push({ role: "user", content: [{ type: "text", text: "Go on." }] })
  }
  return heard
}

const apis: readonly Api[] = ["anthropic", "openai", "responses", "gemini"]

describe.each(apis)("the weather of %s", (api) => {
  test.each(Object.entries(faults))(
    "%s ends no conversation, at its beginning, in the middle or at its end",
    async (_, fault) => {
      await Promise.all(
        places.map(async (at) => {
          const replies = honest.flatMap((reply, i) => (i === at ? fault.instead(reply) : [reply]))
          const heard = await converse(api, replies)
          expect(heard.refused).toEqual([])
          fault.check(heard, heard.replies[at], api)
        }),
      )
    },
  )

  test("every thought goes back as it came", async () => {
    const heard = await converse(api, honest)
    isHonest(heard)
    const thoughts = heard.replies.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.type === "thinking" && block.thinking !== "" ? [block.thinking] : [])),
    )
    expect(thoughts).toEqual(["First look.", "Two at once.", "That is all."])
    expect(heard.replies.every(({ usage }) => usage.outputTokens > 0)).toBe(true)
    expect(heard.replies.at(-1)?.usage.cacheReadTokens).toBeGreaterThan(1000)
  })
})
