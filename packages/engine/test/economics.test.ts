import { defaultModel, findModel, knownModels } from "@aura/model"
import { describe, expect, test } from "vitest"
import { cheapestShare } from "../src/session/rotation-point.ts"
import { simulateSession } from "./economics.ts"

describe("a session of 160 turns with the default model", () => {
  const now = simulateSession("now", defaultModel)
  const former = simulateSession("former", defaultModel)

  test("costs at most 70 % of what it cost while old output was masked", () => {
    expect(now.costUsd / former.costUsd).toBeLessThanOrEqual(0.7)
  })

  test("costs at most 80 % also where no command outlives the cache", () => {
    const [fast, before] = [
      simulateSession("now", defaultModel, 1000),
      simulateSession("former", defaultModel, 1000),
    ]
    expect(fast.costUsd / before.costUsd).toBeLessThanOrEqual(0.8)
    expect(fast.cachedShare).toBeGreaterThanOrEqual(0.96)
  })

  test("loses no thought and is refused nothing, over its hand-overs", () => {
    expect(now).toMatchObject({ thoughtsLost: 0, refused: [] })
    expect(now.sessions).toBeGreaterThan(1)
    expect(former.thoughtsLost).toBeGreaterThan(50)
  })

  test("is answered from the cache for at least 96 % of what it sends, hand-overs and slow commands included", () => {
    expect(now.cachedShare).toBeGreaterThanOrEqual(0.96)
  })
})

test.each(knownModels)("no request to %s is refused, and none loses a thought", (model) => {
  expect(simulateSession("now", model)).toMatchObject({ thoughtsLost: 0, refused: [] })
})

describe("the point at which a session turns over", () => {
  const share = (id: string) => {
    const { price, contextWindow } = findModel(id)
    return cheapestShare({ rates: price, contextWindow }) * contextWindow
  }

  test("lies well below a window of a million tokens, later where reading is cheap", () => {
    for (const id of knownModels.filter((one) => findModel(one).contextWindow === 1_000_000)) {
      expect(share(id)).toBeGreaterThanOrEqual(60_000)
      expect(share(id)).toBeLessThanOrEqual(250_000)
    }
    expect(share("claude-opus-5-5")).toBeGreaterThan(share("claude-opus-5"))
  })

  test("is no share of its own where the price is unknown, or reading costs nothing", () => {
    expect(cheapestShare({ rates: null, contextWindow: 200_000 })).toBe(1)
    const free = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
    expect(cheapestShare({ rates: free, contextWindow: 200_000 })).toBe(1)
  })
})
