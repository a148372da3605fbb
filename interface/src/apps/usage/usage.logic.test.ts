import { noUsage } from "@aura/core"
import { describe, expect, it } from "vitest"
import { byCost, cacheShare, sumUsage } from "./usage.logic.ts"

const project = (costUsd: number, cacheReadTokens = 0) => ({
  rehearsal: false,
  usage: { ...noUsage, costUsd, cacheReadTokens, inputTokens: 25 },
})

describe("usage", () => {
  it("is added up over projects, the dearest first", () => {
    expect(sumUsage([project(1), project(2, 5)])).toMatchObject({
      costUsd: 3,
      inputTokens: 50,
      cacheReadTokens: 5,
    })
    expect(sumUsage([project(1), { ...project(9), rehearsal: true }]).costUsd).toBe(1)
    expect(byCost([project(1), project(3), project(2)]).map((row) => row.usage.costUsd)).toEqual([3, 2, 1])
  })

  it("says how much of the input the cache gave, once there was any", () => {
    expect(cacheShare(project(1, 75).usage)).toBe(0.75)
    expect(cacheShare(noUsage)).toBeUndefined()
  })
})
