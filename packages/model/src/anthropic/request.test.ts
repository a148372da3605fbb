import { type Effort, efforts } from "@aura/core"
import { describe, expect, test } from "vitest"
import { findModel, knownModels } from "../catalog.ts"
import { type Json, objectOf, parseObject } from "../json.ts"
import type { Message, ModelRequest } from "../model.ts"
import { readRequest } from "../screenplay/validate.ts"
import { betasOf, encodeRequest } from "./request.ts"

const base: ModelRequest = {
  model: "claude-opus-5-5",
  system: "You are careful.",
  messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
  tools: [
    { name: "read_file", description: "Reads", inputSchema: { type: "object" } },
    { name: "task_done", description: "Ends", inputSchema: { type: "object" } },
  ],
  maxTokens: 1000,
}

const mark = `,"cache_control":{"type":"ephemeral"}`
const bodyOf = (request: Partial<ModelRequest>) => encodeRequest({ ...base, ...request }).toString()
const parsed = (request: Partial<ModelRequest>): Json => parseObject(bodyOf(request)) ?? {}

function turn(n: number): Message[] {
  return [
    {
      role: "assistant",
      content: [
        { type: "text", text: "I look." },
        { type: "tool_use", id: `t${n}`, name: "read_file", input: { path: `src/${n}.ts` } },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", toolUseId: `t${n}`, output: `line ${n} "quoted" é`, isError: n % 2 === 0 },
      ],
    },
  ]
}

describe("a growing conversation", () => {
  const messages: Message[] = [...base.messages]
  const bodies = Array.from({ length: 30 }, (_, n) => {
    const body = bodyOf({ messages })
    messages.push(...turn(n))
    return body
  })

  test("is valid and has at most four cache marks at every turn", () => {
    for (const body of bodies) {
      expect(readRequest(body)).toHaveProperty("request")
      expect(body.split(mark).length - 1).toBeLessThanOrEqual(4)
    }
  })

  test("begins each turn with the very bytes of the turn before", () => {
    const plain = bodies.map((body) => body.replaceAll(mark, "").slice(0, -"]}".length))
    for (const [n, body] of plain.entries()) {
      if (n > 0) expect(body.startsWith(plain[n - 1] ?? "?")).toBe(true)
    }
  })

  test("has its marks on the tools, the system prompt and the last two user messages", () => {
    const { tools, system, messages: sent } = objectOf(parseObject(bodies[29] ?? ""))
    const marked = (list: unknown) =>
      (Array.isArray(list) ? list : []).flatMap((row, i) =>
        JSON.stringify(row).includes("ephemeral") ? [i] : [],
      )
    expect([marked(tools), marked(system), marked(sent)]).toEqual([[1], [0], [56, 58]])
  })

  test("is told in the words of the API", () => {
    const { messages: sent } = parsed({ messages: [...base.messages, ...turn(2)] })
    expect(sent).toMatchObject([
      {},
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look." },
          { type: "tool_use", id: "t2" },
        ],
      },
      { content: [{ type: "tool_result", tool_use_id: "t2", content: 'line 2 "quoted" é', is_error: true }] },
    ])
  })
})

describe("what a request asks for", () => {
  test("thoughts as text, and none refused, from a model that binds them", () => {
    expect(parsed({}).thinking).toEqual({
      type: "adaptive",
      display: "summarized",
      block_binding: { prefix_mismatch_behavior: "drop_block" },
    })
    expect(parsed({ model: "claude-opus-5" }).thinking).toEqual({ type: "adaptive", display: "summarized" })
    expect(parsed({ model: "claude-opus-4-8" }).thinking).toEqual({ type: "adaptive", display: "summarized" })
  })

  test("a budget for thoughts from older models, by effort and within half the reply", () => {
    const asked = (effort: Effort, maxTokens: number) =>
      parsed({ model: "claude-opus-4-5", effort, maxTokens }).thinking
    expect(asked("high", 64_000)).toEqual({ type: "enabled", budget_tokens: 16_384 })
    expect(asked("low", 64_000)).toEqual({ type: "enabled", budget_tokens: 2_048 })
    expect(asked("high", 4_000)).toEqual({ type: "enabled", budget_tokens: 2_000 })
    expect(asked("high", 2_000)).toBeUndefined()
  })

  test("the effort that is wanted, as far as the model takes it", () => {
    const asked = (model: string) => parsed({ model, effort: "xhigh" }).output_config
    expect(asked("claude-opus-5-5")).toEqual({ effort: "xhigh" })
    expect(asked("claude-sonnet-4-6")).toEqual({ effort: "high" })
    expect(asked("claude-haiku-4-5")).toBeUndefined()
    expect(parsed({}).output_config).toBeUndefined()
  })

  test("no longer reply than the model gives", () => {
    expect(parsed({ maxTokens: 1_000_000 }).max_tokens).toBe(128_000)
    expect(parsed({ model: "claude-haiku-4-5", maxTokens: 128_000 }).max_tokens).toBe(64_000)
  })

  test("a cache of an hour where told, at every mark", () => {
    const body = bodyOf({ cacheFor: "1h" })
    expect(body).not.toContain(mark)
    expect(body.split(`,"cache_control":{"type":"ephemeral","ttl":"1h"}`)).toHaveLength(4)
    expect(readRequest(body)).toHaveProperty("request")
  })

  test("the model without the mark for its long window", () => {
    expect(parsed({ model: "claude-opus-5-5[1m]" }).model).toBe("claude-opus-5-5")
    expect(parsed({ model: "us.anthropic.claude-opus-5-5" }).model).toBe("us.anthropic.claude-opus-5-5")
  })

  test.each(knownModels)("what the strict server takes: %s", (model) => {
    for (const effort of efforts) {
      const body = bodyOf({ model, effort, maxTokens: 64_000 })
      expect(readRequest(body, betasOf(findModel(model), new Set()))).toHaveProperty("request")
    }
  })

  test("nothing a model outside the table may not know", () => {
    const body = bodyOf({ model: "qwen3:8b" })
    expect(body).not.toContain("thinking")
    expect(body).not.toContain("eager_input_streaming")
  })

  test("no tools and no system prompt where there are none", () => {
    const body = parsed({ tools: [], system: "" })
    expect(body).not.toHaveProperty("tools")
    expect(body).not.toHaveProperty("system")
  })
})

test("texts and messages the API would refuse for being empty are filled", () => {
  const messages: Message[] = [
    { role: "user", content: [{ type: "text", text: "" }] },
    { role: "assistant", content: [] },
    { role: "user", content: [] },
  ]
  expect(readRequest(bodyOf({ messages }))).toHaveProperty("request")
})

test("half a character, as is left where a text was cut, does not make a request invalid", () => {
  const half = "\u{1f600}".slice(0, 1)
  const body = bodyOf({
    messages: [{ role: "user", content: [{ type: "text", text: `a${half}b \\ud800` }] }],
  })
  expect(readRequest(body)).toHaveProperty("request")
  expect(body).toContain(String.raw`a\ufffdb \\ud800`)
})

test("thoughts of another provider's model are left out, those of Claude stay", () => {
  const thought = (signature: string): Message => ({
    role: "assistant",
    content: [
      { type: "thinking", thinking: "Hm.", signature },
      { type: "text", text: "So." },
    ],
  })
  const word: Message = { role: "user", content: [{ type: "text", text: "On." }] }
  const foreign = [
    '{"reasoning_item":{}}',
    '{"thought_signature":"x"}',
    "gemini",
    "reasoning_content",
    "reasoning",
  ]
  for (const signature of foreign)
    expect(bodyOf({ messages: [...base.messages, thought(signature), word] })).not.toContain("Hm.")
  expect(bodyOf({ messages: [...base.messages, thought("EqQBCkYIARgC"), word] })).toContain("Hm.")
})
