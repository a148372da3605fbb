import type { Block } from "@aura/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { encodeRequest } from "./anthropic/request.ts"
import type { Message } from "./model.ts"
import { repairMessages } from "./repair.ts"
import { readRequest } from "./screenplay/validate.ts"

const user = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] })
const said = (...content: Block[]): Message => ({ role: "assistant", content })
const call = (id: string, name = "look"): Block => ({ type: "tool_use", id, name, input: {} })
const results = (...ids: string[]): Message => ({
  role: "user",
  content: ids.map((toolUseId) => ({
    type: "tool_result",
    toolUseId,
    output: `of ${toolUseId}`,
    isError: false,
  })),
})

const encode = (messages: readonly Message[]) =>
  encodeRequest({ model: "claude-opus-5-5", system: "", tools: [], maxTokens: 100, messages }).toString()
const judge = (messages: readonly Message[]) => readRequest(encode(messages))

describe("the next request is valid", () => {
  test.each<[string, Message[]]>([
    [
      "after an unsigned thought",
      [user("a"), said({ type: "thinking", thinking: "x", signature: "" }, call("1")), results("1")],
    ],
    [
      "after nothing but an unsigned thought",
      [user("a"), said({ type: "thinking", thinking: "x", signature: "" }), user("b")],
    ],
    [
      "after an empty redacted thought",
      [user("a"), said({ type: "redacted_thinking", data: "" }), user("b")],
    ],
    [
      "after a reply of thoughts alone",
      [user("a"), said({ type: "redacted_thinking", data: "x" }), user("b")],
    ],
    ["after two calls of one id", [user("a"), said(call("1"), call("1")), results("1", "1")]],
    ["after two calls of one id with one result", [user("a"), said(call("1"), call("1")), results("1")]],
    [
      "after an id that comes again",
      [user("a"), said(call("1")), results("1"), said(call("1")), results("1")],
    ],
    ["after an id no API takes", [user("a"), said(call("call:1.x")), results("call:1.x")]],
    ["after a call without an id", [user("a"), said(call("")), results("")]],
    ["after a name no tool has", [user("a"), said(call("1", "read file!")), results("1")]],
    ["after blank words", [user("a"), said({ type: "text", text: " \n" }), user("b")]],
    ["with a result of no call", [user("a"), results("9")]],
    ["with a result too many", [user("a"), said(call("1")), results("1", "1")]],
    ["without a result", [user("a"), said(call("1"), call("2")), results("2")]],
    ["when it ends with a reply", [user("a"), said(call("1"))]],
    ["when it begins with a reply", [said({ type: "text", text: "x" }), user("b")]],
    ["with two replies in a row", [user("a"), said(call("1")), said({ type: "text", text: "x" }), user("b")]],
    ["with two people in a row", [user("a"), user("b")]],
    ["with words before results", [user("a"), said(call("1")), user("hm"), results("1")]],
    ["with nothing at all", []],
  ])("%s", (_, messages) => {
    expect(judge(messages)).toHaveProperty("request")
  })

  test("whatever comes, and begins with the bytes of the one before", () => {
    const id = fc.constantFrom("1", "2", "1_2", "a:b", "")
    const block = fc.oneof(
      id.map((one) => call(one)),
      fc.constantFrom<Block>(
        { type: "text", text: "" },
        { type: "text", text: "words" },
        { type: "thinking", thinking: "x", signature: "" },
        { type: "redacted_thinking", data: "x" },
      ),
    )
    const message = fc.oneof(
      fc.array(block, { maxLength: 4 }).map((blocks) => said(...blocks)),
      fc.array(id, { maxLength: 4 }).map((ids) => results(...ids)),
      fc.constant(user("more")),
    )
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
        const plain = (body: string) =>
          body.replaceAll(`,"cache_control":{"type":"ephemeral"}`, "").slice(0, -2)
        for (let n = 1; n <= messages.length; n++) {
          expect(judge(messages.slice(0, n))).toHaveProperty("request")
          // What a reply is answered with comes later: a prefix is what ends with a user's message of its own.
          const isWhole = messages[n - 1]?.role === "user" && messages[n]?.role === "assistant"
          if (isWhole)
            expect(
              plain(encode(messages.slice(0, n + 1))).startsWith(plain(encode(messages.slice(0, n)))),
            ).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})

test("a result goes with the call it answers, though ids come again", () => {
  const [, first, , second, last] = repairMessages([
    user("a"),
    said(call("1")),
    results("1"),
    said(call("1"), call("1_2")),
    results("1", "1_2"),
  ])
  expect(first?.content).toMatchObject([{ id: "1" }])
  expect(second?.content).toMatchObject([{ id: "1_2" }, { id: "1_2_2" }])
  expect(last?.content).toMatchObject([
    { toolUseId: "1_2", output: "of 1" },
    { toolUseId: "1_2_2", output: "of 1_2" },
  ])
})

test("a conversation with nothing wrong is left as it is", () => {
  const messages = [
    user("a"),
    said({ type: "thinking", thinking: "x", signature: "s" }, call("1")),
    results("1"),
  ]
  expect(repairMessages(messages).every((message, i) => message === messages[i])).toBe(true)
})
