import { describe, expect, onTestFinished, test } from "vitest"
import { createClaude } from "./anthropic/claude.ts"
import { encodeRequest } from "./anthropic/request.ts"
import { findModel } from "./catalog.ts"
import { countChars, fitMedia } from "./media.ts"
import type { MediaBlock, Message, ModelRequest } from "./model.ts"
import { connect, lastOf } from "./openai/_server.ts"
import { encodeChat } from "./openai/chat-request.ts"
import { findChatViolation } from "./screenplay/chat-validate.ts"
import { parseScreenplay } from "./screenplay/screenplay.ts"
import { startModelServer } from "./screenplay/server.ts"
import { readRequest } from "./screenplay/validate.ts"

/** The smallest of each kind that begins as it must. */
const beginnings = {
  "image/png": "89504e470d0a1a0a0000",
  "image/jpeg": "ffd8ffe000104a464946",
  "image/gif": "474946383961",
  "image/webp": "524946460000000057454250",
  "application/pdf": "255044462d312e37",
} as const
type Type = keyof typeof beginnings
const types: readonly Type[] = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"]
const media = (mediaType: Type = "image/png", bytes = 0): MediaBlock => ({
  type: "media",
  mediaType,
  data: Buffer.concat([Buffer.from(beginnings[mediaType], "hex"), Buffer.alloc(bytes)]).toString("base64"),
})

function looks(...shown: MediaBlock[][]): Message[] {
  return [
    { role: "user", content: [{ type: "text", text: "Look." }] },
    ...shown.flatMap((some, i): Message[] => [
      { role: "assistant", content: [{ type: "tool_use", id: `t${i}`, name: "read_file", input: {} }] },
      {
        role: "user",
        content: [{ type: "tool_result", toolUseId: `t${i}`, output: "a.png", isError: false, media: some }],
      },
    ]),
  ]
}

const request: ModelRequest = {
  model: "claude-opus-5-5",
  system: "",
  messages: looks([media()]),
  tools: [{ name: "read_file", description: "Reads", inputSchema: { type: "object" } }],
  maxTokens: 1000,
}

const chatEncoding = {
  provider: "openai",
  api: "chat",
  facts: findModel("openai:gpt-5.5"),
  without: new Set<never>(),
  limitName: "max_tokens",
  takesEffort: false,
} as const

describe("a picture or PDF in a result", () => {
  test.each(types)("is sent as the provider's own blocks, which its strict server takes: %s", (type) => {
    const messages = looks([media(type)], [media()])
    const claude = encodeRequest({ ...request, messages }).toString()
    expect(readRequest(claude)).not.toHaveProperty("violation")
    expect(claude).toContain(`"media_type":"${type}","data":"${media(type).data}"`)
    const chat = encodeChat({ ...request, model: "openai:gpt-5.5", messages }, chatEncoding)
    expect(findChatViolation(JSON.parse(chat))).toBeUndefined()
    expect(chat).toContain(`data:${type};base64,${media(type).data}`)
  })

  test("goes also with a person's words", () => {
    const messages: Message[] = [{ role: "user", content: [media(), { type: "text", text: "What is it?" }] }]
    expect(readRequest(encodeRequest({ ...request, messages }).toString())).not.toHaveProperty("violation")
    const chat = encodeChat({ ...request, model: "openai:gpt-5.5", messages }, chatEncoding)
    expect(findChatViolation(JSON.parse(chat))).toBeUndefined()
  })

  test("is a sentence for a model that does not see it", () => {
    const blind = { ...chatEncoding, facts: { ...chatEncoding.facts, sees: [] } }
    const chat = encodeChat({ ...request, messages: looks([media(), media("application/pdf")]) }, blind)
    expect(chat).not.toContain("base64")
    expect(chat).toContain("(A picture is here that this model cannot see.)")
    expect(chat).toContain("(A PDF is here that this model cannot see.)")
  })

  test("counts by the tokens it takes, not by its bytes", () => {
    expect(countChars(looks([media("image/png", 3_000_000)]))).toBeLessThan(25_000)
    expect(countChars(looks([media("image/png", 30)]))).toBeLessThan(500)
    const chat = JSON.parse(
      encodeChat({ ...request, messages: looks([media("image/png", 3_000_000)]) }, chatEncoding),
    )
    expect(countChars(chat)).toBeLessThan(25_000)
  })
})

describe("what a request may hold of them", () => {
  test("is what came first; a later one is named, and the beginning stays the same", () => {
    const all = looks(...Array.from({ length: 25 }, () => [media()]))
    const before = fitMedia(all.slice(0, 41), ["image"])
    const after = fitMedia(all, ["image"])
    expect(after.slice(0, 41)).toEqual(before)
    expect(after.slice(0, 41).every((message, i) => message === before[i])).toBe(true)
    const text = encodeRequest({ ...request, messages: all }).toString()
    expect(text.split('"type":"image"')).toHaveLength(21)
    expect(text.split("is not shown: the session holds as many")).toHaveLength(6)
    expect(readRequest(text)).not.toHaveProperty("violation")
  })

  test("is bounded in bytes as well", () => {
    const all = looks(...Array.from({ length: 6 }, () => [media("image/png", 3_700_000)]))
    const text = encodeRequest({ ...request, messages: all }).toString()
    expect(text.length).toBeLessThan(20_000_000)
    expect(readRequest(text)).not.toHaveProperty("violation")
  })
})

describe("the strict servers refuse", () => {
  const wrong: [string, MediaBlock][] = [
    ["bytes of another type", { ...media("image/jpeg"), mediaType: "image/png" }],
    ["what is no base64", { type: "media", mediaType: "image/png", data: "not base64!" }],
    ["a picture of more than 5 MB", media("image/gif", 4_000_000)],
  ]
  test.each(wrong)("%s", (_, block) => {
    const messages = looks([block])
    expect(readRequest(encodeRequest({ ...request, messages }).toString())).toHaveProperty("violation")
    const chat = encodeChat({ ...request, messages }, chatEncoding)
    expect(findChatViolation(JSON.parse(chat))).toBeDefined()
  })
})

const seen = (fault?: object) =>
  parseScreenplay(
    JSON.stringify({
      scenes: [{ when: { phase: "chat" }, then: "repeat", replies: [{ text: "Yes.", fault }] }],
    }),
  )

describe("a server whose model sees nothing", () => {
  test("is asked again without the pictures, also by way of the Messages API", async () => {
    const fault = { status: 400, message: "This model does not support image input" }
    const server = await startModelServer({ screenplay: seen(fault), port: 0 })
    onTestFinished(() => server.close())
    const claude = createClaude({ apiKey: "k", baseUrl: server.url, now: () => 0, random: () => 1 })
    const { reply } = await lastOf(claude, request)
    expect(reply?.blocks).toMatchObject([{ text: "Yes." }])
    expect(server.requests.map((body) => JSON.stringify(body).includes("base64"))).toEqual([true, false])
  })

  test("is asked again without the pictures, by way of Chat Completions", async () => {
    const fault = { status: 400, message: "image_url is only supported by certain models." }
    const server = await startModelServer({ screenplay: seen(fault), port: 0, api: "openai" })
    onTestFinished(() => server.close())
    const { reply } = await lastOf(connect(`${server.url}/v1`), {
      ...request,
      model: "openai:gpt-5.5",
      messages: [{ role: "user", content: [media(), { type: "text", text: "What is it?" }] }],
    })
    expect(reply?.blocks).toMatchObject([{ text: "Yes." }])
    expect(server.requests.map((body) => JSON.stringify(body).includes("base64"))).toEqual([true, false])
  })
})

test.each([
  ["claude-opus-5-5", ["image", "pdf"]],
  ["anthropic/claude-opus-9", ["image", "pdf"]],
  ["openai:gpt-5.5", ["image", "pdf"]],
  ["openai:gpt-3.5-turbo", []],
  ["gemini:gemini-3-pro", ["image", "pdf"]],
  ["ollama:llava:13b", ["image"]],
  ["ollama:qwen3-vl:8b", ["image"]],
  ["ollama:gemma3:12b", ["image"]],
  ["ollama:qwen3-coder:30b", []],
  ["some-unknown-model", []],
])("what %s sees is guessed from its name where no list says it", (id, sees) => {
  expect(findModel(id).sees).toEqual(sees)
})

test("what a list or a person says about it counts before the name", () => {
  const listed = new Map([["openrouter:some/model", { sees: ["image" as const] }]])
  expect(findModel("openrouter:some/model", { listed }).sees).toEqual(["image"])
  expect(
    findModel("openrouter:some/model", { listed, entered: { "openrouter:some/model": { sees: [] } } }).sees,
  ).toEqual([])
})
