import { describe, expect, test } from "vitest"
import { type Json, objectOf, parseObject } from "../json.ts"
import type { Message, ModelRequest } from "../model.ts"
import { readRequest } from "../screenplay/validate.ts"
import { encodeRequest } from "./request.ts"

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
        { type: "thinking", thinking: "hm", signature: "s" },
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
          { type: "thinking", signature: "s" },
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
    expect(parsed({ model: "claude-opus-4-5" })).not.toHaveProperty("thinking")
  })

  test("a certain tool, where the model lets itself be told", () => {
    const forced = parsed({ model: "claude-haiku-5-5", mustCall: "task_done" })
    expect(forced.tool_choice).toEqual({ type: "tool", name: "task_done" })
    expect(forced).not.toHaveProperty("thinking")
    expect(parsed({ mustCall: "task_done" })).not.toHaveProperty("tool_choice")
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
