import { describe, expect, test } from "vitest"
import { findViolation, readRequest } from "./validate.ts"

const user = (...content: object[]) => ({ role: "user", content })
const assistant = (...content: object[]) => ({ role: "assistant", content })
const text = (words: string, more = {}) => ({ type: "text", text: words, ...more })
const call = (id: string) => ({ type: "tool_use", id, name: "look", input: {} })
const result = (id: string) => ({ type: "tool_result", tool_use_id: id, content: "" })
const tool = (name: string) => ({ name, input_schema: { type: "object" } })
const mark = { cache_control: { type: "ephemeral" } }
const hi = user(text("Hi"))

const request = (more: object) => ({ model: "claude-opus-5-5", max_tokens: 10, messages: [hi], ...more })

describe("what the API accepts:", () => {
  test.each([
    ["plain text", { messages: [{ role: "user", content: "Hi" }] }],
    [
      "calls and their results",
      { messages: [hi, assistant(call("a"), call("b")), user(result("b"), result("a"), text("go on"))] },
    ],
    [
      "thoughts",
      {
        messages: [
          hi,
          assistant({ type: "thinking", thinking: "", signature: "s" }, call("a")),
          user(result("a")),
        ],
      },
    ],
    [
      "four marks",
      {
        tools: [{ ...tool("a"), ...mark }],
        system: [text("s", mark)],
        messages: [user(text("a", mark), text("b", mark))],
      },
    ],
  ])("%s", (_, more) => {
    expect(findViolation(request(more))).toBeUndefined()
  })
})

describe("what the API refuses:", () => {
  test.each([
    ["no model", { model: "" }, "model: Field required"],
    ["no room for a reply", { max_tokens: 0 }, "max_tokens: must be"],
    ["half a token", { max_tokens: 1.5 }, "max_tokens: must be"],
    ["more room than the model has", { max_tokens: 128_001 }, "max_tokens: 128001 > 128000"],
    ["a stream that is perhaps one", { stream: "yes" }, "stream:"],
    ["an empty system text", { system: [text("")] }, "system: text blocks must be non-empty"],
    ["a system that is a number", { system: 5 }, "system:"],
    [
      "force on a model that takes none",
      { tool_choice: { type: "tool", name: "a" } },
      'tool_choice: type "tool"',
    ],
    ["tools that are none", { tools: {} }, "tools: must be a list"],
    ["two tools of one name", { tools: [tool("a"), tool("a")] }, "Tool names must be unique"],
    ["a tool with a blank in its name", { tools: [tool("a b")] }, "tools.0.name"],
    ["a tool without a schema", { tools: [{ name: "a" }] }, "tools.0.input_schema.type"],
    ["no messages", { messages: [] }, "at least one message"],
    [
      "an assistant who begins",
      { messages: [assistant(text("a"))] },
      "the first message must be from the user",
    ],
    ["two users in a row", { messages: [hi, hi] }, "messages.1: roles must alternate"],
    ["a message of nothing", { messages: [user()] }, "messages.0: all messages must have non-empty content"],
    ["an empty text", { messages: [user(text(""))] }, "messages.0.content.0: text content blocks"],
    ["blank words of the assistant", { messages: [hi, assistant(text(" ")), hi] }, "non-whitespace"],
    [
      "an assistant who has the last word",
      { messages: [hi, assistant(text("a"))] },
      "assistant message prefill",
    ],
    [
      "a call without a result",
      { messages: [hi, assistant(call("a"), call("b")), user(result("a"))] },
      "without tool_result blocks immediately after: b",
    ],
    [
      "a result without a call",
      { messages: [user(result("a"))] },
      "unexpected tool_use_id found in tool_result blocks: a",
    ],
    [
      "a result that comes late",
      { messages: [hi, assistant(call("a")), hi, assistant(text("x")), user(result("a"))] },
      "without tool_result",
    ],
    [
      "two results of one call",
      { messages: [hi, assistant(call("a")), user(result("a"), result("a"))] },
      "single result",
    ],
    [
      "words before a result",
      { messages: [hi, assistant(call("a")), user(text("x"), result("a"))] },
      "must come before text",
    ],
    [
      "two calls of one id",
      { messages: [hi, assistant(call("a"), call("a")), user(result("a"))] },
      "ids must be unique",
    ],
    [
      "a call without an input",
      { messages: [hi, assistant({ ...call("a"), input: "x" }), user(result("a"))] },
      "input",
    ],
    [
      "a thought without a signature",
      { messages: [hi, assistant({ type: "thinking", thinking: "a" }), hi] },
      "signature",
    ],
    ["a user who thinks", { messages: [user({ type: "thinking" })] }, "unexpected block of type thinking"],
    [
      "five marks",
      { system: [text("s", mark)], messages: [user(...Array.from({ length: 4 }, () => text("a", mark)))] },
      "maximum of 4",
    ],
  ])("%s", (_, more, words) => {
    expect(findViolation(request(more))).toContain(words)
  })

  test("what is no JSON", () => {
    expect(readRequest("{")).toEqual({ violation: "The request body is not valid JSON" })
  })
})
