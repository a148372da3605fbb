import { describe, expect, it } from "vitest"
import { describeKey, describeOffered, findOffered } from "./providers.logic.ts"

const key = { status: "not_set", masked: null, checkedAt: null, source: null, problem: null } as const
const model = (id: string) => ({ id, contextWindow: 128_000, inputUsd: 1.25, outputUsd: 10 })

describe("a provider", () => {
  it("says how its key is, and that one's own machine needs none", () => {
    expect(describeKey({ key, needsKey: true })).toEqual({ tone: "idle", word: "No key is set" })
    expect(describeKey({ key, needsKey: false }).word).toBe("Needs no key")
    expect(describeKey({ key: { ...key, status: "valid" }, needsKey: false }).tone).toBe("ok")
    expect(describeKey({ key: { ...key, status: "valid", problem: "x" }, needsKey: true }).tone).toBe("bad")
  })

  it("offers the models whose ids hold all that is typed, so many at most", () => {
    const all = [model("openai:gpt-5.5"), model("openai:gpt-5.5-mini"), model("openai:o4-mini")]
    expect(findOffered(all, "MINI gpt").map(({ id }) => id)).toEqual(["openai:gpt-5.5-mini"])
    expect(findOffered(all, "", 2)).toHaveLength(2)
  })

  it("tells window and price, as far as they are known", () => {
    expect(describeOffered(model("a"))).toBe("128k tokens · $1.25 in, $10 out per million")
    expect(describeOffered({ id: "a", contextWindow: null, inputUsd: 0, outputUsd: 0 })).toBe(
      "window not known · free",
    )
    expect(describeOffered({ ...model("a"), inputUsd: null })).toContain("price not known")
  })
})
