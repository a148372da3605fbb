import { describe, expect, test } from "vitest"
import { bindingBeta } from "../anthropic/request.ts"
import { type Json, objectOf } from "../json.ts"
import { signThought } from "./thoughts.ts"
import { readRequest } from "./validate.ts"

const first = { role: "user", content: [{ type: "text", text: "Hi" }] }
const last = { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "ok" }] }
const tools = [{ name: "look", input_schema: { type: "object" } }]

function conversation(model: string, thinking: Json = { type: "adaptive" }): Json {
  const start = { model, max_tokens: 2000, system: "S", tools, thinking, messages: [first] }
  const block = { type: "thinking", thinking: "hm", signature: signThought(start, [], "hm") }
  const reply = {
    role: "assistant",
    content: [block, { type: "tool_use", id: "a", name: "look", input: {} }],
  }
  return { ...start, messages: [first, reply, last] }
}

const judge = (request: Json, betas = [bindingBeta]) => readRequest(JSON.stringify(request), betas)
const drop = { type: "adaptive", block_binding: { prefix_mismatch_behavior: "drop_block" } }
const opus = conversation("claude-opus-5-5")

/** The conversation with other text in its thought. */
function change(request: Json, more: Json): Json {
  const [a, reply, c] = Array.isArray(request.messages) ? request.messages.map(objectOf) : []
  const [block, call] = Array.isArray(reply?.content) ? reply.content.map(objectOf) : []
  return { ...request, messages: [a, { ...reply, content: [{ ...block, ...more }, call] }, c] }
}

describe("a thought", () => {
  test("is taken back as it was given, cache marks aside", () => {
    expect(judge(opus)).toMatchObject({ thoughts: { kept: 1, dropped: 0 } })
    const marked = [{ ...tools[0], cache_control: { type: "ephemeral" } }]
    expect(judge({ ...opus, tools: marked })).toMatchObject({ thoughts: { kept: 1 } })
  })

  test.each([
    ["a changed text", change(opus, { thinking: "hmm" }), "Invalid `signature`"],
    ["a forged signature", change(opus, { signature: "s" }), "Invalid `signature`"],
    ["no signature", change(opus, { signature: "" }), "signature: Field required"],
    ["another system prompt", { ...opus, system: "T" }, "bound to a different conversation"],
    ["other tools", { ...opus, tools: [] }, "bound to a different conversation"],
    [
      "an earlier message that was changed",
      {
        ...opus,
        messages: [
          { role: "user", content: "Ho" },
          ...(Array.isArray(opus.messages) ? opus.messages.slice(1) : []),
        ],
      },
      "bound to a different conversation",
    ],
  ])("is refused with %s", (_, request, words) => {
    expect(judge(request)).toMatchObject({ violation: expect.stringContaining(words) })
  })

  test("is dropped after a change, where that was asked for with its feature flag", () => {
    const changed = { ...opus, system: "T", thinking: drop }
    expect(judge(changed)).toMatchObject({ thoughts: { kept: 0, dropped: 1 } })
    expect(judge(changed, [])).toMatchObject({
      violation: expect.stringContaining("block_binding: Extra inputs"),
    })
  })

  test("of another model is dropped without a word", () => {
    expect(judge({ ...opus, model: "claude-sonnet-5-5" })).toMatchObject({
      thoughts: { kept: 0, dropped: 1 },
    })
  })

  test("of an older model holds for other conversations as well", () => {
    expect(judge({ ...conversation("claude-opus-4-8"), system: "T" })).toMatchObject({
      thoughts: { kept: 1 },
    })
  })

  test("must begin the reply that waits for results, with a thinking budget", () => {
    const thinking = { type: "enabled", budget_tokens: 1024 }
    const asked = conversation("claude-opus-4-5", thinking)
    expect(judge(asked)).toMatchObject({ thoughts: { kept: 1 } })
    const [a, reply, c] = Array.isArray(asked.messages) ? asked.messages.map(objectOf) : []
    const bare = { ...reply, content: Array.isArray(reply?.content) ? reply.content.slice(1) : [] }
    expect(judge({ ...asked, messages: [a, bare, c] })).toMatchObject({
      violation: expect.stringContaining("must start with a thinking block"),
    })
  })
})

describe("what the API refuses of a request for thoughts:", () => {
  test.each<[string, string, Json, string]>([
    [
      "a budget on a newer model",
      "claude-opus-5-5",
      { thinking: { type: "enabled", budget_tokens: 1024 } },
      "not supported",
    ],
    [
      "adaptive thinking on an older one",
      "claude-opus-4-5",
      { thinking: { type: "adaptive" } },
      "not supported",
    ],
    [
      "no thinking where it always thinks",
      "claude-opus-5-5",
      { thinking: { type: "disabled" } },
      "not supported",
    ],
    ["a tiny budget", "claude-opus-4-5", { thinking: { type: "enabled", budget_tokens: 1000 } }, "1024"],
    [
      "a budget above the reply",
      "claude-opus-4-5",
      { thinking: { type: "enabled", budget_tokens: 2000 } },
      "greater than",
    ],
    [
      "force while it thinks",
      "claude-opus-5",
      { thinking: { type: "adaptive" }, tool_choice: { type: "any" } },
      "forces",
    ],
    ["a temperature", "claude-opus-5-5", { temperature: 0.5 }, "temperature"],
    [
      "a temperature while it thinks",
      "claude-opus-4-5",
      { thinking: { type: "enabled", budget_tokens: 1024 }, top_k: 5 },
      "top_k",
    ],
    [
      "an effort the model does not take",
      "claude-haiku-4-5",
      { output_config: { effort: "high" } },
      "effort",
    ],
    ["an effort too strong for it", "claude-opus-4-6", { output_config: { effort: "xhigh" } }, "effort"],
    [
      "a cache of an hour after one of minutes",
      "claude-opus-5-5",
      {
        system: [{ type: "text", text: "S", cache_control: { type: "ephemeral" } }],
        messages: [
          {
            role: "user",
            content: [{ type: "text", text: "a", cache_control: { type: "ephemeral", ttl: "1h" } }],
          },
        ],
      },
      "must not come after",
    ],
    ["a field it does not know", "claude-opus-5-5", { effort: "high" }, "effort: Extra inputs"],
    ["a mark of the long window in the id", "claude-opus-5-5[1m]", {}, "model"],
    [
      "a prompt that does not fit",
      "claude-haiku-4-5",
      { system: "word ".repeat(200_000) },
      "prompt is too long",
    ],
  ])("%s", (_, model, more, words) => {
    const request = { model, max_tokens: 2000, messages: [first], ...more }
    expect(judge(request)).toMatchObject({ violation: expect.stringContaining(words) })
  })
})
