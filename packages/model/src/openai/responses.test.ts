import { describe, expect, onTestFinished, test } from "vitest"
import { findModel } from "../catalog.ts"
import { type Json, listOf, objectOf } from "../json.ts"
import type { MediaBlock, Message, ModelRequest } from "../model.ts"
import { createProvider } from "../provider-client.ts"
import { encrypt, judgeResponses } from "../screenplay/responses-validate.ts"
import { parseScreenplay } from "../screenplay/screenplay.ts"
import { startModelServer } from "../screenplay/server.ts"
import { chunks, collect, connect, end, json, lastOf, openServer, request, type Said } from "./_server.ts"
import { encodeResponses } from "./responses-request.ts"

async function open(...answers: Said[]) {
  const server = await openServer(...answers)
  onTestFinished(server.close)
  return server
}

async function play(...replies: object[]) {
  const scenes = [{ when: { phase: "chat" }, replies }]
  const server = await startModelServer({
    screenplay: parseScreenplay(JSON.stringify({ scenes })),
    port: 0,
    api: "responses",
  })
  onTestFinished(() => server.close())
  return { server, model: connect(`${server.url}/v1/responses`) }
}

const look = (n: number): Message[] => [
  { role: "assistant", content: [{ type: "tool_use", id: `c${n}`, name: "look", input: {} }] },
  { role: "user", content: [{ type: "tool_result", toolUseId: `c${n}`, output: "seen", isError: false }] },
]

describe("the Responses API", () => {
  test("is asked to keep nothing, and gets its thoughts and phases back as they came", async () => {
    const { server, model } = await play(
      { thinking: "Look first.", text: "I look.", calls: [{ tool: "look" }] },
      { text: "Done." },
    )
    const asked: ModelRequest = { ...request, effort: "xhigh" }
    const first = await lastOf(model, asked)
    expect(first.reply).toMatchObject({ stopReason: "tool_use", model: "openai:m" })
    const messages: Message[] = [
      ...asked.messages,
      { role: "assistant", content: first.reply?.blocks ?? [] },
      {
        role: "user",
        content: (first.reply?.blocks ?? []).flatMap((block) =>
          block.type === "tool_use"
            ? [{ type: "tool_result" as const, toolUseId: block.id, output: "seen", isError: false }]
            : [],
        ),
      },
    ]
    expect((await lastOf(model, { ...asked, messages })).reply?.stopReason).toBe("end_turn")
    const [before, after] = server.requests
    expect(before).toMatchObject({
      model: "m",
      instructions: "Be brief.",
      store: false,
      stream: true,
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "xhigh", summary: "auto" },
      max_output_tokens: 4000,
      tools: [{ type: "function", name: "look", strict: false }],
    })
    const items = listOf(after?.input)
    expect(items.map(({ type, role }) => type ?? role)).toEqual([
      "user",
      "reasoning",
      "assistant",
      "function_call",
      "function_call_output",
    ])
    expect(items[1]).toMatchObject({
      id: expect.stringMatching(/^rs_/),
      encrypted_content: encrypt("Look first."),
    })
    expect(items[2]).toMatchObject({ content: "I look.", phase: "commentary" })
    // The same session meets the same cache.
    expect(after?.prompt_cache_key).toBe(before?.prompt_cache_key)
  })

  test("shows pictures and PDFs in the result itself", () => {
    const picture: MediaBlock = { type: "media", mediaType: "image/png", data: "iVBORw0KGgo=" }
    const pdf: MediaBlock = { type: "media", mediaType: "application/pdf", data: "JVBERi0xLjc=" }
    const messages: Message[] = [
      { role: "user", content: [{ type: "text", text: "Look." }, picture] },
      { role: "assistant", content: [{ type: "tool_use", id: "c", name: "look", input: {} }] },
      {
        role: "user",
        content: [
          { type: "tool_result", toolUseId: "c", output: "a.png", isError: false, media: [picture, pdf] },
        ],
      },
    ]
    const body = encodeResponses(
      { ...request, model: "openai:gpt-5.5", messages },
      {
        provider: "openai",
        api: "responses",
        facts: findModel("openai:gpt-5.5"),
        without: new Set(),
        limitName: "max_tokens",
        takesEffort: true,
      },
    )
    expect(judgeResponses(JSON.parse(body))).not.toHaveProperty("violation")
    expect(listOf(JSON.parse(body).input)[2]).toMatchObject({
      output: [{ type: "input_text" }, { type: "input_image" }, { type: "input_file" }],
    })
  })

  test("is used at OpenAI's own address, and elsewhere where the address ends with it", async () => {
    const server = await open({ body: chunks({ content: "Yes." }) + end() })
    await collect(connect(server.url))
    await collect(connect(`${server.url}/responses`))
    await collect(connect(`${server.url}/responses/`))
    expect(server.heads.map(({ url }) => url)).toEqual([
      "/v1/chat/completions",
      "/v1/responses",
      "/v1/responses",
    ])
    const own = createProvider({ provider: "openai", apiKey: null, now: Date.now, random: () => 0 })
    expect((await lastOf(own)).failure?.kind).toBe("auth")
  })

  test.each([
    [
      "chat to responses",
      "",
      "This model is only supported in v1/responses and not in v1/chat/completions.",
      ["/v1/chat/completions", "/v1/responses"],
    ],
    [
      "responses to chat",
      "/responses",
      "Invalid URL (POST /v1/responses)",
      ["/v1/responses", "/v1/chat/completions"],
    ],
  ])("is changed for the other where the server says so: %s", async (_, suffix, message, urls) => {
    const said = urls[1]?.includes("chat") ? chunks({ content: "Yes." }) + end() : completed("Yes.")
    const server = await open(json({ error: { message } }, 404), { body: said })
    const model = connect(`${server.url}${suffix}`)
    const events = await collect(model)
    expect(events.at(-1)).toMatchObject({ reply: { blocks: [{ text: "Yes." }] } })
    expect(events.filter(({ type }) => type === "notice")).toHaveLength(1)
    await collect(model)
    expect(server.heads.map(({ url }) => url)).toEqual([...urls, urls[1]])
  })

  test.each([
    ["Encrypted content is not supported with this model.", "include"],
    ["Your organization must be verified to generate reasoning summaries.", "summary"],
    ["Unsupported parameter: 'reasoning.effort' is not supported with this model.", '"reasoning":'],
    ["Unknown parameter: 'prompt_cache_key'.", "prompt_cache_key"],
  ])("is asked again without what the model does not take: %s", async (message, gone) => {
    const server = await open(json({ error: { message } }, 400), { body: completed("Yes.") })
    const { reply } = await lastOf(connect(`${server.url}/responses`), { ...request, effort: "high" })
    expect(reply?.blocks).toMatchObject([{ text: "Yes." }])
    expect(server.requests.map((body) => JSON.stringify(body).includes(gone))).toEqual([true, false])
  })

  test("says why it failed in the middle of its stream", async () => {
    const failed = {
      type: "response.failed",
      response: { error: { code: "rate_limit_exceeded", message: "slow" } },
    }
    const broken = { type: "error", code: "server_error", message: "broken" }
    const frames = [failed, broken].map((event) => ({ body: `data: ${JSON.stringify(event)}\n\n` }))
    const server = await open(...frames)
    const model = connect(`${server.url}/responses`)
    expect((await lastOf(model)).failure).toMatchObject({
      kind: "overloaded",
      message: expect.stringContaining("slow"),
    })
    expect((await lastOf(model)).failure).toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("broken"),
    })
  })
})

function completed(text: string): string {
  const item = { type: "message", role: "assistant", content: [{ type: "output_text", text }] }
  const response = { model: "m", output: [item], usage: { input_tokens: 9, output_tokens: 2 } }
  return `data: ${JSON.stringify({ type: "response.completed", response })}\n\n`
}

describe("its strict server refuses", () => {
  const good: Json = {
    model: "m",
    store: false,
    input: [{ role: "user", content: "Look." }],
  }
  const thought = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: encrypt("") }
  const call = { type: "function_call", call_id: "c", name: "look", arguments: "{}" }
  const output = { type: "function_call_output", call_id: "c", output: "seen" }
  const after = (...items: Json[]) => ({ ...good, input: [...listOf(good.input), ...items] })

  test.each<[string, Json]>([
    ["what it would have to store", { ...good, store: true }],
    ["a field it does not know", { ...good, messages: [] }],
    ["a call without its output", after(call)],
    ["an output without its call", after(output)],
    ["the same call twice", after(call, output, call, output)],
    ["a thought without what it led to", after(thought)],
    ["a thought that was changed", after({ ...thought, summary: [{ text: "other" }] }, call, output)],
    ["a thought it cannot look up", after({ ...thought, encrypted_content: undefined }, call, output)],
    ["arguments that are no JSON", after({ ...call, arguments: "{" }, output)],
    [
      "a tool that counts as strict",
      { ...good, tools: [{ type: "function", name: "a", parameters: { type: "object" } }] },
    ],
  ])("%s", (_, body) => {
    expect(judgeResponses(body)).toHaveProperty("violation")
    expect(judgeResponses(after(thought, call, output))).toEqual({ thoughts: { kept: 1, dropped: 0 } })
  })

  test("nothing of what Aura sends in a long session, whose requests begin with those before", () => {
    const messages: Message[] = [...request.messages, ...Array.from({ length: 50 }, (_, n) => look(n)).flat()]
    const encoding = {
      provider: "openai",
      api: "responses",
      facts: findModel("openai:m"),
      without: new Set<never>(),
      limitName: "max_tokens",
      takesEffort: true,
    } as const
    const encoded = (count: number) =>
      objectOf(JSON.parse(encodeResponses({ ...request, messages: messages.slice(0, count) }, encoding)))
    expect(judgeResponses(encoded(messages.length))).not.toHaveProperty("violation")
    const [before, all] = [encoded(41), encoded(101)].map(({ input }) =>
      listOf(input).map((item) => JSON.stringify(item)),
    )
    expect(all?.slice(0, before?.length)).toEqual(before)
  })
})
