import { describe, expect, onTestFinished, test } from "vitest"
import { findModel } from "../catalog.ts"
import { type Json, listOf, objectOf } from "../json.ts"
import type { MediaBlock, Message, ModelRequest } from "../model.ts"
import { readModelList } from "../model-list.ts"
import { request as base, collect, connect, json, lastOf, openServer, type Said } from "../openai/_server.ts"
import type { Encoding } from "../openai/chat-request.ts"
import { judgeGemini, signPart } from "../screenplay/gemini-validate.ts"
import { parseScreenplay } from "../screenplay/screenplay.ts"
import { startModelServer } from "../screenplay/server.ts"
import { encodeGemini, noSignature, thoughtOfSignature } from "./request.ts"

const request: ModelRequest = { ...base, model: "gemini:gemini-3-pro", effort: "xhigh" }
const partsOf = (body: Json | undefined, i: number) => listOf(listOf(body?.contents)[i]?.parts)

async function open(...answers: Said[]) {
  const server = await openServer(...answers)
  onTestFinished(server.close)
  return { server, model: connect(server.url, { provider: "gemini" }) }
}

const encoding = (more: Partial<Encoding> = {}): Encoding => ({
  provider: "gemini",
  api: "gemini",
  facts: findModel("gemini:gemini-3-pro"),
  without: new Set(),
  limitName: "max_tokens",
  takesEffort: true,
  ...more,
})
const encode = (more: Partial<ModelRequest>, how: Partial<Encoding> = {}): Json =>
  objectOf(JSON.parse(encodeGemini({ ...request, ...more }, encoding(how))))

const frames = (...chunks: Json[]) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join("")
const chunk = (parts: Json[], more: Json = {}): Json => ({
  candidates: [{ content: { role: "model", parts }, ...more }],
  modelVersion: "gemini-3-pro",
})

describe("Gemini's own API", () => {
  test("gets each signature back with the part it came with, and what was said by it", async () => {
    const scenes = [
      {
        when: { phase: "chat" },
        replies: [
          {
            thinking: "Look at both.",
            text: "I look.",
            calls: [{ tool: "look" }, { tool: "look", input: { at: 2 } }],
          },
          { text: "Done." },
        ],
      },
    ]
    const screenplay = parseScreenplay(JSON.stringify({ scenes }))
    const server = await startModelServer({ screenplay, port: 0, api: "gemini" })
    onTestFinished(() => server.close())
    const model = connect(`${server.url}/v1beta`, { provider: "gemini" })
    const { reply } = await lastOf(model, request)
    expect(reply).toMatchObject({ stopReason: "tool_use", model: "gemini:gemini-3-pro" })
    expect(reply?.blocks.filter(({ type }) => type === "thinking")).toMatchObject([
      { thinking: "Look at both." },
      { thinking: "" },
    ])
    const results = (reply?.blocks ?? []).flatMap((block) =>
      block.type === "tool_use"
        ? [{ type: "tool_result" as const, toolUseId: block.id, output: "seen", isError: false }]
        : [],
    )
    const messages: Message[] = [
      ...request.messages,
      { role: "assistant", content: reply?.blocks ?? [] },
      { role: "user", content: results },
    ]
    expect((await lastOf(model, { ...request, messages })).reply?.stopReason).toBe("end_turn")
    const [before, after] = server.requests
    expect(before).toMatchObject({
      systemInstruction: { parts: [{ text: "Be brief." }] },
      tools: [{ functionDeclarations: [{ name: "look", parametersJsonSchema: { type: "object" } }] }],
      generationConfig: {
        maxOutputTokens: 4000,
        thinkingConfig: { includeThoughts: true, thinkingLevel: "HIGH" },
      },
    })
    const [text, first, second] = partsOf(after, 1)
    expect(text).toEqual({ text: "I look." })
    expect(first?.thoughtSignature).toBe(signPart(first ?? {}))
    expect(second).not.toHaveProperty("thoughtSignature")
    expect(partsOf(after, 2)).toMatchObject([
      { functionResponse: { name: "look", response: { output: "seen" } } },
      { functionResponse: { name: "look" } },
    ])
  })

  test("has usage by class, the model that answered, and a signature behind the last words", async () => {
    const { server, model } = await open({
      body: frames(chunk([{ text: "Hm", thought: true }]), chunk([{ text: "Yes" }]), chunk([{ text: "." }]), {
        ...chunk([{ text: "", thoughtSignature: "c2ln" }], { finishReason: "STOP" }),
        usageMetadata: {
          promptTokenCount: 100,
          cachedContentTokenCount: 60,
          candidatesTokenCount: 5,
          thoughtsTokenCount: 7,
        },
      }),
    })
    const { reply } = await lastOf(model, request)
    expect(reply).toMatchObject({
      blocks: [
        { type: "thinking", thinking: "Hm" },
        thoughtOfSignature("c2ln"),
        { type: "text", text: "Yes." },
      ],
      usage: { inputTokens: 40, cacheReadTokens: 60, outputTokens: 12 },
    })
    expect(server.heads[0]).toMatchObject({
      url: "/v1/models/gemini-3-pro:streamGenerateContent?alt=sse",
      headers: { "x-goog-api-key": "sk-test-0123456789" },
    })
    expect(server.heads[0]?.headers).not.toHaveProperty("authorization")
    await lastOf(model, {
      ...request,
      messages: [
        ...request.messages,
        { role: "assistant", content: reply?.blocks ?? [] },
        { role: "user", content: [{ type: "text", text: "Go on." }] },
      ],
    })
    expect(partsOf(server.requests[1], 1)).toEqual([{ text: "Yes.", thoughtSignature: "c2ln" }])
  })

  test("takes a conversation of another model, whose calls bear no signature", () => {
    const messages: Message[] = [
      ...request.messages,
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "look", input: {} }] },
      {
        role: "user",
        content: [{ type: "tool_result", toolUseId: "toolu_1", output: "seen", isError: true }],
      },
    ]
    const body = encode({ messages })
    expect(partsOf(body, 1)).toMatchObject([
      { functionCall: { name: "look" }, thoughtSignature: noSignature },
    ])
    expect(partsOf(body, 2)).toMatchObject([{ functionResponse: { response: { error: "seen" } } }])
    expect(judgeGemini(body)).toEqual({ thoughts: { kept: 0, dropped: 1 } })
    const old = encode({ messages, model: "gemini:gemini-2.5-pro" })
    expect(JSON.stringify(old)).not.toContain(noSignature)
    expect(old.generationConfig).toMatchObject({ thinkingConfig: { thinkingBudget: 24_576 } })
  })

  test("shows pictures in the answer of the call, older models beside it, and no GIFs", () => {
    const media = (mediaType: MediaBlock["mediaType"], data: string): MediaBlock => ({
      type: "media",
      mediaType,
      data,
    })
    const [png, gif] = [media("image/png", "iVBORw0KGgo="), media("image/gif", "R0lGODlh")]
    const messages: Message[] = [
      ...request.messages,
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "look", input: {} }] },
      {
        role: "user",
        content: [
          { type: "tool_result", toolUseId: "t", output: "a.png", isError: false, media: [png, gif] },
        ],
      },
    ]
    const body = encode({ messages })
    expect(judgeGemini(body)).not.toHaveProperty("violation")
    const [answer] = partsOf(body, 2)
    expect(objectOf(answer?.functionResponse)).toMatchObject({
      response: { output: expect.stringContaining("cannot see") },
      parts: [{ inlineData: { mimeType: "image/png" } }],
    })
    const old = encode({ messages, model: "gemini:gemini-2.5-pro" })
    expect(partsOf(old, 2).map((part) => Object.keys(part)[0])).toEqual(["functionResponse", "inlineData"])
  })

  test.each([
    [json({ error: { code: 400, message: "API key not valid. Please pass a valid API key." } }, 400), "auth"],
    [
      json(
        {
          error: {
            code: 400,
            message: "The input token count (9) exceeds the maximum number of tokens allowed (8).",
          },
        },
        400,
      ),
      "too_long",
    ],
    [
      json({ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }, 503),
      "unavailable",
    ],
    [
      json({ error: { code: 404, message: "models/x is not found", status: "NOT_FOUND" } }, 404),
      "not_allowed",
    ],
    [
      json(
        {
          error: {
            code: 429,
            status: "RESOURCE_EXHAUSTED",
            message: "You exceeded your current quota, please check your plan and billing details.",
            details: [{ retryDelay: "34s" }],
          },
        },
        429,
      ),
      "overloaded",
    ],
    [
      json(
        { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "Your prepayment credits: billing" } },
        429,
      ),
      "credit",
    ],
  ])("fails by its kind", async (said, kind) => {
    const { model } = await open(said)
    expect((await lastOf(model, request)).failure?.kind).toBe(kind)
  })

  test.each([
    ["Thinking level is not supported for this model.", "thinkingConfig"],
    ["Thought signature is not valid.", '"c2ln"'],
  ])("is asked again without what it refuses: %s", async (message, gone) => {
    const said = { body: frames(chunk([{ text: "Yes." }], { finishReason: "STOP" })) }
    const { server, model } = await open(json({ error: { code: 400, message } }, 400), said)
    const messages: Message[] = [
      ...request.messages,
      {
        role: "assistant",
        content: [thoughtOfSignature("c2ln"), { type: "tool_use", id: "t", name: "look", input: {} }],
      },
      { role: "user", content: [{ type: "tool_result", toolUseId: "t", output: "seen", isError: false }] },
    ]
    const events = await collect(model, { ...request, messages })
    expect(events.at(-1)).toMatchObject({ reply: { blocks: [{ text: "Yes." }] } })
    expect(server.requests.map((body) => JSON.stringify(body).includes(gone))).toEqual([true, false])
  })

  test("tells that a prompt was blocked, and what a list says of its models", async () => {
    const { model } = await open({ body: frames({ promptFeedback: { blockReason: "SAFETY" } }) })
    expect((await lastOf(model, request)).reply).toMatchObject({ blocks: [], stopReason: "refusal" })
    const list = {
      models: [{ name: "models/gemini-3-pro", inputTokenLimit: 1_048_576, outputTokenLimit: 65_536 }],
    }
    expect(readModelList(JSON.stringify(list), "gemini")?.get("gemini:gemini-3-pro")).toMatchObject({
      contextWindow: 1_048_576,
      maxOutput: 65_536,
    })
  })
})

describe("its strict server refuses", () => {
  const words = { role: "user", parts: [{ text: "Look." }] }
  const called = { functionCall: { id: "c", name: "look", args: {} } }
  const call = { role: "model", parts: [{ ...called, thoughtSignature: signPart(called) }] }
  const answer = {
    role: "user",
    parts: [{ functionResponse: { id: "c", name: "look", response: { output: "seen" } } }],
  }
  const of = (...contents: Json[]): Json => ({ contents })

  test.each<[string, Json]>([
    ["a call of this turn without its signature", of(words, { role: "model", parts: [called] }, answer)],
    [
      "a signature that was changed",
      of(words, { role: "model", parts: [{ ...called, thoughtSignature: "eA==" }] }, answer),
    ],
    ["a call without its answer", of(words, call, words)],
    ["an answer without its call", of(words, { role: "model", parts: [{ text: "So." }] }, answer)],
    ["the model's word at the end", of(words, { role: "model", parts: [{ text: "So." }] })],
    ["two messages of one side", of(words, words)],
    ["an empty text", of({ role: "user", parts: [{ text: "" }] })],
    ["a field it does not know", { ...of(words), messages: [] }],
    ["a GIF", of({ role: "user", parts: [{ inlineData: { mimeType: "image/gif", data: "R0lGODlh" } }] })],
  ])("%s", (_, body) => {
    expect(judgeGemini(body)).toHaveProperty("violation")
    expect(judgeGemini(of(words, call, answer))).toEqual({ thoughts: { kept: 1, dropped: 0 } })
    // Of earlier turns, signatures are not asked for.
    const earlier = of(
      words,
      { role: "model", parts: [called] },
      { ...answer, parts: [...answer.parts, ...words.parts] },
    )
    expect(judgeGemini(earlier)).not.toHaveProperty("violation")
  })
})
