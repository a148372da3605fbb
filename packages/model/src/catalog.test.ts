import { describe, expect, test } from "vitest"
import {
  clampEffort,
  defaultFastModel,
  defaultModel,
  findModel,
  findWarnings,
  isKnownModel,
  knownModels,
  priceOf,
} from "./catalog.ts"

const million = 1_000_000
const none = { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0 }

describe("the model table", () => {
  test("knows the default models and a price for every model", () => {
    expect(knownModels).toContain(defaultModel)
    expect(knownModels).toContain(defaultFastModel)
    expect(knownModels.filter((id) => findModel(id).priceSource === "unknown")).toEqual([])
  })

  test.each([
    ["claude-haiku-4-5-20251001", "claude-haiku-4-5"],
    ["claude-haiku-4-5-latest", "claude-haiku-4-5"],
    ["claude-opus-4-5@20251101", "claude-opus-4-5"],
    ["claude-opus-4-8@default", "claude-opus-4-8"],
    ["anthropic/claude-opus-5.5", "claude-opus-5-5"],
    ["openrouter/anthropic/claude-sonnet-4.6", "claude-sonnet-4-6"],
    ["anthropic/claude-haiku-5.5-20261007:batch", "claude-haiku-5-5"],
    ["anthropic/claude-sonnet-4.5:thinking", "claude-sonnet-4-5"],
    ["us.anthropic.claude-opus-5-5", "claude-opus-5-5"],
    ["global.anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5"],
    ["apac.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"],
    ["anthropic.claude-opus-4-6-v1", "claude-opus-4-6"],
    ["arn:aws:bedrock:us-east-1:123:inference-profile/us.anthropic.claude-opus-5-5", "claude-opus-5-5"],
    ["publishers/anthropic/models/claude-sonnet-5-5@20261020", "claude-sonnet-5-5"],
    ["vertex_ai/claude-opus-5", "claude-opus-5"],
    ["claude-opus-5-5[1m]", "claude-opus-5-5"],
    ["databricks-claude-opus-4-5", "claude-opus-4-5"],
    ["Claude-Opus-5.5", "claude-opus-5-5"],
    ["claude-4.5-sonnet", "claude-sonnet-4-5"],
    ["claude_opus_5_5", "claude-opus-5-5"],
    [" claude-fable-5-1 ", "claude-fable-5-1"],
  ])("takes %s for %s", (spelled, id) => {
    expect(isKnownModel(id)).toBe(true)
    expect(findModel(spelled)).toEqual(findModel(id))
    expect(isKnownModel(spelled)).toBe(true)
  })

  test.each([
    "claude-opus-5-9",
    "claude-opus-55",
    "claude-opus",
    "not-claude",
    "claude-opus-5-5-custom",
    "claudette-5",
  ])("does not take %s for one of its models", (id) => {
    expect(isKnownModel(id)).toBe(false)
    expect(findModel(id).contextWindow).toBe(200_000)
  })

  test("prices and asks an unknown later member of a family like its newest", () => {
    const { price, priceSource, contextWindow, maxOutput, thinking, checksPrefix } =
      findModel("gateway/claude-opus-6.1")
    expect(price).toEqual(findModel("claude-opus-5-5").price)
    expect({ priceSource, contextWindow, maxOutput, thinking, checksPrefix }).toEqual({
      priceSource: "estimated",
      contextWindow: 200_000,
      maxOutput: 32_000,
      thinking: "adaptive",
      checksPrefix: true,
    })
    expect(findModel("claude-opus-4-1").thinking).toBe("none")
  })

  test("counts a model nobody knows as free and says so", () => {
    expect(findModel("qwen3:8b")).toMatchObject({ price: null, priceSource: "unknown" })
    expect(findModel("octopus-7b").priceSource).toBe("unknown")
    expect(priceOf("qwen3:8b", { ...none, outputTokens: million })).toBe(0)
    expect(findWarnings("qwen3:8b", findModel("qwen3:8b"), "2026-11-27").join(" ")).toContain("cannot hold")
  })
})

describe("models of other providers", () => {
  test.each([
    ["openai:gpt-6.2-sol", { input: 2, cacheWrite: 2.5, cacheRead: 0.1, output: 10 }],
    ["openai:GPT-6.1-Sol-2026-08-12", { input: 2, cacheWrite: 2.5, cacheRead: 0.1, output: 10 }],
    ["openai:gpt-5.5", { input: 5, cacheRead: 0.5, output: 30 }],
    ["gemini:gemini-3.1-pro-preview", { input: 2, cacheRead: 0.2, output: 12 }],
    ["gemini:models/gemini-2.5-flash-preview-09-2025", { input: 0.3, cacheRead: 0.03, output: 2.5 }],
  ])("have their published price: %s", (id, price) => {
    expect(findModel(id)).toMatchObject({ price, priceSource: "published" })
    expect(findWarnings(id, findModel(id), "2026-11-27")).toEqual([])
  })

  test.each([
    "openai:gpt-6.2-sol-pro",
    "openai:gpt-7",
    "gemini:gemini-3-pro-image",
    "openrouter:gpt-6.2-sol",
    "gpt-6.2-sol",
  ])("stay without a price where none was published: %s", (id) => {
    expect(findModel(id).priceSource).toBe("unknown")
  })

  test("cost more for a long prompt, each from its own length on", () => {
    const cost = (id: string, inputTokens: number) =>
      priceOf(id, { ...none, inputTokens, outputTokens: million })
    expect(cost("openai:gpt-6.2-sol", 272_000)).toBeCloseTo(0.544 + 10)
    expect(cost("openai:gpt-6.2-sol", 300_000)).toBeCloseTo(1.2 + 15)
    expect(cost("gemini:gemini-2.5-pro", 300_000)).toBeCloseTo(0.75 + 15)
  })

  test("follow the price of the server's own list and that of a person first", () => {
    const price = { input: 1, cacheWrite: 1, cacheRead: 1, output: 1 }
    const listed = new Map([["openai:gpt-6.2-sol", { price, contextWindow: 64_000 }]])
    expect(findModel("openai:gpt-6.2-sol", { listed })).toMatchObject({ price, contextWindow: 64_000 })
    const entered = { "openai:gpt-6.2-sol": { inputUsd: 7 } }
    expect(findModel("openai:gpt-6.2-sol", { entered }).price?.input).toBe(7)
  })

  test("are counted at the full price while a provider halves it, and that is said", () => {
    const id = "gemini:gemini-3.8-flash"
    expect(findModel(id).price).toMatchObject({ input: 1.5, output: 7.5 })
    expect(findWarnings(id, findModel(id), "2026-12-31").join()).toContain("half the price")
    expect(findWarnings(id, findModel(id), "2027-01-01")).toEqual([])
  })
})

describe("facts from elsewhere", () => {
  const listed = new Map([["qwen3:8b", { contextWindow: 40_960, maxOutput: 8_192 }]])

  test("of the provider's list fill in what the table does not know", () => {
    expect(findModel("qwen3:8b", { listed })).toMatchObject({ contextWindow: 40_960, maxOutput: 8_192 })
    const small = new Map([["claude-opus-5-5", { contextWindow: 1 }]])
    expect(findModel("claude-opus-5-5", { listed: small }).contextWindow).toBe(1_000_000)
  })

  test("of a person count before all others", () => {
    const entered = {
      "qwen3:8b": { contextWindow: 32_768, inputUsd: 0.5, outputUsd: 2, thinking: "budget" as const },
    }
    const facts = findModel("qwen3:8b", { listed, entered })
    expect(facts).toMatchObject({
      contextWindow: 32_768,
      maxOutput: 8_192,
      thinking: "budget",
      priceSource: "entered",
      price: { input: 0.5, output: 2, cacheRead: 0.5, cacheWrite: 0.5 },
    })
    expect(findWarnings("qwen3:8b", facts, "2026-11-27")).toEqual([])
  })

  test("entered for a model of the table hold for all its spellings", () => {
    const entered = { "claude-opus-5-5": { outputUsd: 40 } }
    expect(findModel("anthropic/claude-opus-5.5", { entered }).price).toEqual({
      input: 4,
      cacheWrite: 5,
      cacheRead: 0.2,
      output: 40,
    })
  })

  test("never make a reply longer than the window", () => {
    expect(findModel("tiny", { entered: { tiny: { contextWindow: 8_000 } } }).maxOutput).toBe(8_000)
  })
})

describe("the end of a model's life", () => {
  const facts = findModel("claude-sonnet-4-5")
  test.each([
    ["2026-06-01", ""],
    ["2026-11-27", "in 3 days"],
    ["2026-11-29", "in 1 day:"],
    ["2026-11-30", "was retired on 2026-11-30"],
    ["2027-05-01", "was retired"],
  ])("is said when it comes near: %s", (today, words) => {
    const said = findWarnings("claude-sonnet-4-5", facts, today).join()
    if (words) expect(said).toContain(words)
    else expect(said).toBe("")
  })
})

test("effort is the strongest level a model takes that is not above the wanted", () => {
  expect(clampEffort("xhigh", findModel("claude-opus-5-5").efforts)).toBe("xhigh")
  expect(clampEffort("xhigh", findModel("claude-opus-4-6").efforts)).toBe("high")
  expect(clampEffort("max", findModel("claude-opus-4-5").efforts)).toBe("high")
  expect(clampEffort("high", findModel("claude-haiku-4-5").efforts)).toBeUndefined()
})

describe("the price of a request", () => {
  test("adds up every class of token", () => {
    const tokens = {
      inputTokens: million,
      cacheWriteTokens: million,
      cacheReadTokens: million,
      outputTokens: million,
    }
    expect(priceOf("claude-opus-5-5", tokens)).toBeCloseTo(4 + 5 + 0.2 + 20)
    expect(priceOf("claude-sonnet-5-5", { ...none, cacheReadTokens: million })).toBeCloseTo(0.2)
  })

  test("counts twice the input for what is cached for an hour", () => {
    const tokens = { ...none, cacheWriteTokens: million, hourWriteTokens: million / 2 }
    expect(priceOf("claude-opus-5-5", tokens)).toBeCloseTo(5 / 2 + 8 / 2)
  })

  test("follows the long price when the prompt is long, its cached part included", () => {
    const tokens = { ...none, cacheReadTokens: 100_000, outputTokens: million }
    expect(priceOf("claude-haiku-5-5", tokens)).toBeCloseTo(0.001 + 0.5)
    expect(priceOf("claude-haiku-5-5", { ...tokens, inputTokens: 1 })).toBeCloseTo(0.005 + 2.5, 5)
  })
})
