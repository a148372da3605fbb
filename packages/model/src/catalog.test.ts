import { describe, expect, test } from "vitest"
import { defaultFastModel, defaultModel, findModel, isKnownModel, knownModels, priceOf } from "./catalog.ts"
import { prices } from "./prices.ts"

const million = 1_000_000
const none = { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0 }

describe("the model table", () => {
  test("knows the default models and a price for every model", () => {
    expect(knownModels).toContain(defaultModel)
    expect(knownModels).toContain(defaultFastModel)
    expect(Object.keys(prices)).toEqual([...knownModels])
  })

  test("takes a dated id for the model it dates", () => {
    expect(findModel("claude-haiku-4-5-20251001")).toEqual(findModel("claude-haiku-4-5"))
    expect(findModel("claude-opus-4-5@20251101").contextWindow).toBe(200_000)
  })

  test("does not take a later version for an earlier one", () => {
    expect(findModel("claude-opus-5-9").contextWindow).toBe(200_000)
    expect(isKnownModel("claude-opus-5-9")).toBe(false)
    expect(isKnownModel("claude-opus-4-5@20251101")).toBe(true)
  })

  test("prices an unknown member of a family like its newest", () => {
    const { price, priced, contextWindow, maxOutput } = findModel("gateway/claude-opus-6.1")
    expect(price).toEqual({ ...prices["claude-opus-5-5"], estimated: true })
    expect({ priced, contextWindow, maxOutput }).toEqual({
      priced: true,
      contextWindow: 200_000,
      maxOutput: 32_000,
    })
  })

  test("counts a model nobody knows as free and says so", () => {
    expect(findModel("qwen3:8b")).toMatchObject({ price: null, priced: false })
    expect(findModel("octopus-7b").priced).toBe(false)
    expect(priceOf("qwen3:8b", { ...none, outputTokens: million })).toBe(0)
  })
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
  })

  test("follows the long price when the prompt is long, its cached part included", () => {
    const tokens = { ...none, cacheReadTokens: 100_000, outputTokens: million }
    expect(priceOf("claude-haiku-5-5", tokens)).toBeCloseTo(0.001 + 0.5)
    expect(priceOf("claude-haiku-5-5", { ...tokens, inputTokens: 1 })).toBeCloseTo(0.005 + 2.5, 5)
  })
})
