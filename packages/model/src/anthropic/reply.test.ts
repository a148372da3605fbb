import { describe, expect, test } from "vitest"
import type { Json } from "../json.ts"
import { malformedInput } from "../malformed.ts"
import { joinPieces } from "../pieces.ts"
import { createReplyReader } from "./reply.ts"

function read(events: Json[]) {
  const reader = createReplyReader("claude-opus-5-5")
  const pieces = events.flatMap((event) => reader.take(event) ?? [])
  return { pieces, reply: reader.finish(5, "req_1"), isComplete: reader.isComplete() }
}

const tool = (...json: string[]): Json[] => [
  {
    type: "content_block_start",
    index: 0,
    content_block: { type: "tool_use", id: "t", name: "x", input: {} },
  },
  ...json.map((piece) => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "input_json_delta", partial_json: piece },
  })),
  { type: "content_block_stop", index: 0 },
]

const start = (usage: Json = {}): Json => ({
  type: "message_start",
  message: { model: "claude-haiku-4-5", usage },
})

describe("the input of a tool call", () => {
  test.each([
    ["arrives in pieces", ['{"pa', 'th":"a"}'], { path: "a" }],
    ["may be empty", [""], {}],
    ["keeps its raw text when it breaks off", ['{"path":"a'], { [malformedInput]: '{"path":"a' }],
    ["keeps its raw text when it is no object", ["[1]"], { [malformedInput]: "[1]" }],
  ])("%s", (_, json, input) => {
    expect(read(tool(...json)).reply.blocks).toEqual([{ type: "tool_use", id: "t", name: "x", input }])
  })

  test("may come whole with its start", () => {
    const block = { type: "tool_use", id: "t", name: "x", input: { a: 1 } }
    const { reply } = read([{ type: "content_block_start", index: 0, content_block: block }])
    expect(reply.blocks).toEqual([block])
  })
})

describe("the blocks of a reply", () => {
  test("keep their order and leave out blank text and tools that are not ours", () => {
    const { reply } = read([
      { type: "content_block_start", index: 2, content_block: { type: "text", text: " \n" } },
      { type: "content_block_start", index: 3, content_block: { type: "server_tool_use", id: "s" } },
      { type: "content_block_start", index: 1, content_block: { type: "text", text: "Hello" } },
      { type: "content_block_start", index: 0, content_block: { type: "redacted_thinking", data: "x" } },
    ])
    expect(reply.blocks).toEqual([
      { type: "redacted_thinking", data: "x" },
      { type: "text", text: "Hello" },
    ])
  })

  test("hold thoughts with their signature", () => {
    const { reply, pieces } = read([
      { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "hm" } },
      { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "abc" } },
    ])
    expect(reply.blocks).toEqual([{ type: "thinking", thinking: "hm", signature: "abc" }])
    expect(pieces).toEqual([{ type: "thinking", text: "hm" }])
  })
})

describe("the end of a reply", () => {
  test("is known only by its last event", () => {
    const delta = { type: "message_delta", delta: { stop_reason: "max_tokens" } }
    expect(read([delta]).isComplete).toBe(false)
    expect(read([delta, { type: "message_stop" }])).toMatchObject({
      isComplete: true,
      reply: { stopReason: "max_tokens", durationMs: 5, requestId: "req_1" },
    })
  })

  test("without a reason follows from the blocks", () => {
    expect(read(tool("{}")).reply.stopReason).toBe("tool_use")
    expect(read([]).reply.stopReason).toBe("end_turn")
  })
})

describe("usage", () => {
  test("is counted by the model that answered, the last word on each class", () => {
    const { reply } = read([
      start({ input_tokens: 10, cache_read_input_tokens: 1000, output_tokens: 1 }),
      { type: "message_delta", delta: {}, usage: { output_tokens: 100, input_tokens: 0 } },
    ])
    expect(reply.model).toBe("claude-haiku-4-5")
    expect(reply.usage).toMatchObject({ inputTokens: 10, cacheReadTokens: 1000, outputTokens: 100 })
    expect(reply.usage.costUsd).toBeCloseTo((10 * 1 + 1000 * 0.1 + 100 * 5) / 1e6)
  })

  test("ignores counts that make no sense", () => {
    const { reply } = read([
      start({ input_tokens: -5, cache_read_input_tokens: Number.NaN, output_tokens: "7" }),
      { type: "message_delta", delta: {}, usage: null },
    ])
    expect(reply.usage).toEqual({
      inputTokens: 0,
      cacheWriteTokens: 0,
      cacheReadTokens: 0,
      outputTokens: 0,
      costUsd: 0,
    })
  })
})

test("pieces of one packet are joined, a start of a tool between them is not lost", () => {
  expect(
    joinPieces([
      { type: "text", text: "a" },
      { type: "text", text: "" },
      { type: "text", text: "b" },
      { type: "tool_start", index: 1, id: "t", name: "x" },
      { type: "tool_input", index: 1, json: "{" },
      { type: "tool_input", index: 1, json: "}" },
      { type: "tool_input", index: 2, json: "" },
    ]),
  ).toEqual([
    { type: "text", text: "ab" },
    { type: "tool_start", index: 1, id: "t", name: "x" },
    { type: "tool_input", index: 1, json: "{}" },
  ])
})
