import { describe, expect, it, onTestFinished } from "vitest"
import { findModel } from "../catalog.ts"
import { malformedInput } from "../malformed.ts"
import type { Message } from "../model.ts"
import { toBaseUrl } from "../provider-client.ts"
import { parseScreenplay } from "../screenplay/screenplay.ts"
import { startModelServer } from "../screenplay/server.ts"
import {
  chunks,
  collect,
  connect,
  end,
  json,
  lastOf,
  messagesOf,
  openServer,
  request,
  type Said,
} from "./_server.ts"

/** For one test. */
async function open(...answers: Said[]) {
  const server = await openServer(...answers)
  onTestFinished(server.close)
  return server
}

const user = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] })
const piece = (more: object) => ({ tool_calls: [more] })

describe("a reply", () => {
  it("is put together from streamed pieces, with parallel calls, thoughts and usage by class", async () => {
    const body = `${chunks(
      { role: "assistant", reasoning_content: "Hm" },
      { reasoning_content: "m." },
      { content: "I " },
      { content: "look." },
      piece({ index: 0, id: "a", type: "function", function: { name: "look", arguments: "" } }),
      piece({ index: 0, function: { arguments: '{"at":' } }),
      piece({ index: 1, id: "b", type: "function", function: { name: "look", arguments: '{"at":2}' } }),
      piece({ index: 0, function: { arguments: "1}" } }),
      { finish_reason: "tool_calls" },
      {
        choices: [],
        usage: { prompt_tokens: 100, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 60 } },
      },
    )}data: [DONE]\n\n`
    const server = await open({ body })
    const events = await collect(connect(server.url))
    const reply = events.at(-1)
    expect(reply).toMatchObject({
      type: "reply",
      reply: {
        stopReason: "tool_use",
        model: "openai:m-1",
        usage: { inputTokens: 40, cacheReadTokens: 60, cacheWriteTokens: 0, outputTokens: 9 },
        blocks: [
          { type: "thinking", thinking: "Hmm.", signature: "reasoning_content" },
          { type: "text", text: "I look." },
          { type: "tool_use", id: "a", name: "look", input: { at: 1 } },
          { type: "tool_use", id: "b", name: "look", input: { at: 2 } },
        ],
      },
    })
    expect(events.filter(({ type }) => type === "tool_start")).toHaveLength(2)
    expect(server.heads[0]).toMatchObject({
      url: "/v1/chat/completions",
      headers: { authorization: "Bearer sk-test-0123456789" },
    })
    expect(server.requests[0]).toMatchObject({ model: "m", stream: true, max_tokens: 4000 })
  })

  it.each([
    [
      "without an index",
      [
        { id: "a", function: { name: "look", arguments: "{}" } },
        { id: "b", function: { name: "look", arguments: "{}" } },
      ],
    ],
    [
      "without an id",
      [
        { index: 0, function: { name: "look", arguments: "{}" } },
        { index: 1, function: { name: "look", arguments: "{}" } },
      ],
    ],
    [
      "with the same index",
      [
        { index: 0, id: "a", function: { name: "look", arguments: "{}" } },
        { index: 0, id: "b", function: { name: "look", arguments: "{}" } },
      ],
    ],
    [
      "with arguments as an object",
      [
        { index: 0, id: "a", function: { name: "look", arguments: {} } },
        { index: 1, id: "b", function: { name: "look", arguments: {} } },
      ],
    ],
  ])("has both calls of a server that sends them %s", async (_, calls) => {
    const server = await open({ body: chunks(...calls.map(piece)) + end("stop") })
    const { reply } = await lastOf(connect(server.url))
    expect(reply?.stopReason).toBe("tool_use")
    expect(
      reply?.blocks.map((block) => (block.type === "tool_use" ? [block.name, block.input] : block)),
    ).toEqual([
      ["look", {}],
      ["look", {}],
    ])
    const ids = reply?.blocks.map((block) => (block.type === "tool_use" ? block.id : ""))
    expect(new Set(ids).size).toBe(2)
    expect(ids).not.toContain("")
  })

  it("keeps arguments that are no JSON, for an answer the model can read, and sends them back as an object", async () => {
    const call = piece({ index: 0, id: "a", function: { name: "look", arguments: '{"at":' } })
    const server = await open({ body: chunks(call) + end("tool_calls") })
    const { reply } = await lastOf(connect(server.url))
    expect(reply?.blocks).toEqual([
      { type: "tool_use", id: "a", name: "look", input: { [malformedInput]: '{"at":' } },
    ])
    const next = {
      ...request,
      messages: [user("Hi"), { role: "assistant" as const, content: reply?.blocks ?? [] }],
    }
    await lastOf(connect(server.url), next)
    expect(JSON.stringify(server.requests[1])).toContain('"arguments":"{\\"malformed\\":')
  })

  it.each([
    ["length", "max_tokens"],
    ["content_filter", "refusal"],
    ["stop", "end_turn"],
  ])("ends with %s", async (reason, stopReason) => {
    const server = await open({ body: chunks({ content: "So" }) + end(reason) })
    expect((await lastOf(connect(server.url))).reply).toMatchObject({ stopReason })
  })

  it("that fills the window says so", async () => {
    const facts = { ...findModel("openai:m"), contextWindow: 107 }
    const server = await open({ body: chunks({ content: "So" }) + end("length") })
    const { reply } = await lastOf(connect(server.url, { findModel: () => facts }))
    expect(reply?.stopReason).toBe("model_context_window_exceeded")
  })

  it("is estimated where the server does not count, so that sessions turn over in time", async () => {
    const body = `${chunks({ content: "So" }, { finish_reason: "stop" })}data: [DONE]\n\n`
    const server = await open({ body })
    const long = { ...request, messages: [user("x".repeat(30_000))] }
    const { reply } = await lastOf(connect(server.url), long)
    expect(reply?.usage.inputTokens).toBeGreaterThan(7_500)
  })

  it("is taken whole from a server that does not stream", async () => {
    const message = { role: "assistant", content: "Hello." }
    const server = await open(json({ model: "m-1", choices: [{ message, finish_reason: "stop" }] }))
    expect((await lastOf(connect(server.url))).reply?.blocks).toEqual([{ type: "text", text: "Hello." }])
  })

  it("costs what OpenRouter says that it costs", async () => {
    const usage = { prompt_tokens: 100, completion_tokens: 7, cost: 0.0123 }
    const body = chunks({ content: "So", finish_reason: "stop" }, { choices: [], usage })
    const server = await open({ body })
    const model = connect(server.url, { provider: "openrouter" })
    const { reply } = await lastOf(model, { ...request, model: "openrouter:a/b" })
    expect(reply?.usage.costUsd).toBe(0.0123)
  })
})

describe("thoughts go back as they came", () => {
  const again = async (body: string, provider: "openai" | "openrouter" | "gemini") => {
    const server = await open({ body })
    // The older way to Gemini.
    const url = provider === "gemini" ? `${server.url}/openai` : server.url
    const model = connect(url, { provider })
    const { reply } = await lastOf(model)
    await lastOf(model, {
      ...request,
      messages: [user("Hello"), { role: "assistant", content: reply?.blocks ?? [] }, user("Go on")],
    })
    return messagesOf(server.requests[1])[2]
  }

  it.each(["reasoning_content", "reasoning"])("in the field %s", async (field) => {
    const message = await again(chunks({ [field]: "Hm" }, { [field]: "m", content: "So" }) + end(), "openai")
    expect(message).toEqual({ role: "assistant", [field]: "Hmm", content: "So" })
  })

  it("as OpenRouter's list, texts and encrypted parts joined", async () => {
    const text = { type: "reasoning.text", index: 0, format: "anthropic-claude-v1" }
    const body = chunks(
      { reasoning: "A", reasoning_details: [{ ...text, text: "A", signature: null }] },
      { reasoning: "B", reasoning_details: [{ ...text, text: "B" }] },
      { reasoning_details: [{ ...text, text: "", signature: "sig" }] },
      { reasoning_details: [{ type: "reasoning.encrypted", index: 1, data: "xyz" }], content: "So" },
    )
    const message = await again(body + end(), "openrouter")
    expect(message?.reasoning_details).toEqual([
      { ...text, text: "AB", signature: "sig" },
      { type: "reasoning.encrypted", index: 1, data: "xyz" },
    ])
  })

  it("as Gemini's signature of the very call", async () => {
    const extra = { google: { thought_signature: "s1" } }
    const calls = [
      { index: 0, id: "a", function: { name: "look", arguments: "{}" }, extra_content: extra },
      { index: 1, id: "b", function: { name: "look", arguments: "{}" } },
    ]
    const message = await again(chunks(piece(calls[0] ?? {}), piece(calls[1] ?? {})) + end(), "gemini")
    expect(message?.tool_calls).toMatchObject([{ id: "a", extra_content: extra }, { id: "b" }])
    expect(JSON.stringify(message).match(/extra_content/g)).toHaveLength(1)
  })
})

describe("a failure", () => {
  const error = (message: string, more: object = {}) => ({ error: { message, ...more } })

  it.each([
    ["OpenAI: wrong key", json(error("Incorrect API key", { code: "invalid_api_key" }), 401), "auth"],
    [
      "OpenAI: no quota",
      json(error("You exceeded your current quota", { code: "insufficient_quota" }), 429),
      "credit",
    ],
    ["OpenAI: rate limit", json(error("Rate limit reached for requests"), 429), "overloaded"],
    [
      "OpenAI: unknown model",
      json(error("The model `m` does not exist", { code: "model_not_found" }), 404),
      "not_allowed",
    ],
    [
      "OpenAI: too long",
      json(error("Your input is too much", { code: "context_length_exceeded" }), 400),
      "too_long",
    ],
    [
      "OpenAI: error in the stream",
      { body: chunks({ error: { message: "Oh", type: "server_error" } }) },
      "unavailable",
    ],
    ["OpenRouter: no credit", json(error("Insufficient credits", { code: 402 }), 402), "credit"],
    ["OpenRouter: error inside a 200", json(error("Provider returned error", { code: 502 })), "unavailable"],
    [
      "OpenRouter: error in the stream",
      {
        body: chunks(
          { content: "So" },
          { choices: [{ delta: {}, finish_reason: "error" }], error: { code: 429, message: "Slow down" } },
        ),
      },
      "overloaded",
    ],
    ["OpenRouter: no tools", json(error("No endpoints found that support tool use"), 404), "not_allowed"],
    ["Ollama: bare text", json({ error: "model 'm' not found" }, 404), "not_allowed"],
    ["Ollama: bare text in the stream", { body: chunks({ error: "the runner stopped" }) }, "unavailable"],
    [
      "Ollama: no tools",
      json(error("registry.ollama.ai/library/m does not support tools"), 400),
      "not_allowed",
    ],
    [
      "llama.cpp: too long",
      json(
        error("the request exceeds the available context size", {
          code: 400,
          type: "exceed_context_size_error",
        }),
        400,
      ),
      "too_long",
    ],
    [
      "llama.cpp: full while it speaks",
      json(error("Context size has been exceeded.", { code: 500 }), 500),
      "too_long",
    ],
    [
      "llama.cpp: loading",
      json(error("Loading model", { code: 503, type: "unavailable_error" }), 503),
      "unavailable",
    ],
    [
      "vLLM: too long",
      json(
        {
          object: "error",
          message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
          code: 400,
        },
        400,
      ),
      "too_long",
    ],
    [
      "vLLM: longer than the model",
      json(error("The decoder prompt (length 15083) is longer than the maximum model length of 8192."), 400),
      "too_long",
    ],
    [
      "vLLM: longer than its limit",
      json(error("Input prompt (35247 tokens) is too long and exceeds limit of 1000"), 400),
      "too_long",
    ],
    [
      "LM Studio: more to keep than fits",
      json(
        error("The number of tokens to keep from the initial prompt is greater than the context length."),
        400,
      ),
      "too_long",
    ],
    [
      "vLLM: in the stream",
      { body: chunks({ object: "error", message: "Engine died", code: 500 }) },
      "unavailable",
    ],
    [
      "LM Studio: too long",
      { body: chunks({ error: "Trying to keep the first 6000 tokens when context the overflows" }) },
      "too_long",
    ],
    [
      "Gemini: wrong key",
      json([error("API key not valid", { code: 400, status: "UNAUTHENTICATED" })], 401),
      "auth",
    ],
    ["an empty stream", { body: "" }, "unavailable"],
    ["only a comment", { body: ": OPENROUTER PROCESSING\n\n" }, "unavailable"],
    ["a stream that ends in the middle", { body: chunks({ content: "So" }) }, "unavailable"],
    ["a broken connection", { body: chunks({ content: "So" }), isCut: true }, "unavailable"],
    ["something else than JSON", { body: "data: {oops\n\n" }, "unavailable"],
    ["a web page", { body: "<html>", headers: { "content-type": "text/html" } }, "unavailable"],
  ])("of %s", async (_, said, kind) => {
    const server = await open(said)
    const { failure } = await lastOf(connect(server.url))
    expect(failure).toMatchObject({ kind })
    expect(failure?.message).not.toMatch(/ANTHROPIC|fault in Aura/)
  })

  it.each([
    [{ headers: { "retry-after": "7" } }, 7000],
    [{ headers: { "retry-after-ms": "250" } }, 250],
    [{ body: JSON.stringify([{ error: { message: "Slow", details: [{ retryDelay: "34s" }] } }]) }, 34_000],
  ])("says when to ask again: %j", async (more, ms) => {
    const server = await open({ status: 429, body: "{}", ...more })
    expect((await lastOf(connect(server.url))).failure).toMatchObject({
      kind: "overloaded",
      retryAfterMs: ms,
    })
  })

  it("without a key names the provider and connects to nobody", async () => {
    const model = connect("", { baseUrl: null, apiKey: null, provider: "openrouter" })
    const { failure } = await lastOf(model)
    expect(failure).toMatchObject({ kind: "auth", message: expect.stringContaining("OPENROUTER_API_KEY") })
  })
})

describe("what a server refuses is left out, and said", () => {
  const ok = { body: chunks({ content: "So" }) + end() }
  const refuse = (message: string) => json({ error: { message, type: "invalid_request_error" } }, 400)
  const learn = async (message: string, asked = request, more = {}) => {
    const server = await open(refuse(message), ok)
    const events = await collect(connect(server.url, more), asked)
    expect(events.at(-1)?.type).toBe("reply")
    expect(events.filter(({ type }) => type === "notice")).toHaveLength(1)
    return server.requests
  }

  it("the name of the limit", async () => {
    const [, second] = await learn(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    )
    expect(second).toMatchObject({ max_completion_tokens: 4000 })
    expect(second).not.toHaveProperty("max_tokens")
  })

  it("the length of a reply that does not fit beside the prompt", async () => {
    const [, second] = await learn(
      "'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum context length is 4096 tokens and your request has 500 input tokens (4000 > 4096 - 500).",
    )
    expect(second).toMatchObject({ max_tokens: 3596 })
  })

  it("the window of a server that tells only how long the prompt is at least", async () => {
    const [first, second] = await learn(
      "You passed 2097 input tokens and requested 2000 output tokens. However, the model's context length is only 4096 tokens, resulting in a maximum input length of 2096 tokens.",
    )
    expect(first?.max_tokens).toBe(4000)
    expect(second?.max_tokens).toBeLessThan(4096)
    expect(second?.max_tokens).toBeGreaterThan(3000)
  })

  it("the room a long prompt left, and gives a later short one the whole window again", async () => {
    const tooLarge =
      "'max_tokens' is too large: 4000. This model's maximum context length is 4096 tokens and your request has 3700 input tokens (4000 > 4096 - 3700)."
    const server = await open(refuse(tooLarge), ok, ok)
    const provider = connect(server.url)
    const answer = { role: "assistant" as const, content: [{ type: "text" as const, text: "Yes." }] }
    await collect(provider, { ...request, messages: [user("Hello"), answer, user("More")] })
    await collect(provider, { ...request, messages: [user("Hello")] })
    expect(server.requests[1]).toMatchObject({ max_tokens: 396 })
    expect(server.requests[2]?.max_tokens).toBeGreaterThan(3000)
  })

  it("counts in the stream", async () => {
    expect((await learn("Unrecognized request argument: stream_options"))[1]).not.toHaveProperty(
      "stream_options",
    )
  })

  it("several calls in one message: each goes with its own result", async () => {
    const call = (id: string) => ({ type: "tool_use" as const, id, name: "look", input: {} })
    const result = (id: string) => ({
      type: "tool_result" as const,
      toolUseId: id,
      output: id,
      isError: false,
    })
    const asked = {
      ...request,
      messages: [
        user("Hello"),
        {
          role: "assistant" as const,
          content: [{ type: "text" as const, text: "Two" }, call("a"), call("b")],
        },
        {
          role: "user" as const,
          content: [result("a"), result("b"), { type: "text" as const, text: "And?" }],
        },
      ],
    }
    const [, second] = await learn("This model only supports single tool-calls at once!", asked)
    expect(messagesOf(second).map(({ role, tool_call_id }) => tool_call_id ?? role)).toEqual([
      "system",
      "user",
      "assistant",
      "a",
      "assistant",
      "b",
      "user",
    ])
    expect(second?.parallel_tool_calls).toBe(false)
  })
})

describe("addresses", () => {
  it.each([
    ["0.0.0.0", "http://127.0.0.1:11434/v1"],
    ["127.0.0.1:11500", "http://127.0.0.1:11500/v1"],
    ["http://box.lan:11434/", "http://box.lan:11434/v1"],
    ["https://ollama.com", "https://ollama.com/v1"],
    ["http://box.lan/v1", "http://box.lan/v1"],
  ])("of Ollama may be %s", (text, address) => expect(toBaseUrl("ollama", text)).toBe(address))
})

describe("the strict server", () => {
  it("takes what Aura sends over a conversation with thoughts, calls and results", async () => {
    const screenplay = parseScreenplay(
      JSON.stringify({
        scenes: [
          {
            when: { phase: "chat" },
            replies: [
              { thinking: "Let me see.", text: "I look.", calls: [{ tool: "look" }, { tool: "look" }] },
              { thinking: "Again.", calls: [{ tool: "look" }] },
              { text: "Done." },
            ],
          },
        ],
      }),
    )
    const server = await startModelServer({ screenplay, port: 0, api: "openai" })
    onTestFinished(() => server.close())
    const model = connect(`${server.url}/v1`)
    const messages: Message[] = [user("Hello")]
    const stops: string[] = []
    for (let turn = 0; turn < 3; turn++) {
      const { reply, failure } = await lastOf(model, { ...request, messages })
      expect(failure).toBeUndefined()
      stops.push(reply?.stopReason ?? "")
      const blocks = reply?.blocks ?? []
      const results = blocks.flatMap((block) =>
        block.type === "tool_use"
          ? [{ type: "tool_result" as const, toolUseId: block.id, output: "seen", isError: false }]
          : [],
      )
      messages.push({ role: "assistant", content: blocks }, { role: "user", content: results })
    }
    expect(stops).toEqual(["tool_use", "tool_use", "end_turn"])
    const sent = messagesOf(server.requests.at(-1))
    expect(sent.filter(({ reasoning_details }) => reasoning_details !== undefined)).toHaveLength(2)
    expect(await model.checkKey(AbortSignal.timeout(5000))).toBe("valid")
    expect([...((await model.listModels(AbortSignal.timeout(5000)))?.keys() ?? [])]).toEqual([
      "openai:scripted",
    ])
  })
})
