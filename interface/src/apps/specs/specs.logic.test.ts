import { describe, expect, it } from "vitest"
import { sortRequirementIds, toCoverage, toExcerpt, withoutTitle } from "./specs.logic.ts"

describe("specs", () => {
  it("know how many of their tasks are done and which requirements these serve", () => {
    const coverage = toCoverage([
      { specId: "a", status: "done", requirementIds: ["R10", "R2"] },
      { specId: "a", status: "pending", requirementIds: ["R2"] },
      { specId: "b", status: "failed", requirementIds: [] },
    ])
    expect(coverage.get("a")).toEqual({ tasks: 2, done: 1, requirementIds: ["R2", "R10"] })
    expect(coverage.get("b")?.done).toBe(0)
  })

  it("order requirements by their number", () => {
    expect(sortRequirementIds(["R10", "R9", "R1", "R9"])).toEqual(["R1", "R9", "R10"])
  })

  it("are summed up by their first sentence of prose", () => {
    expect(toExcerpt("# Store\n\n## Purpose\n\nKeeps **items** in a [file](x.md).\nMore.")).toBe(
      "Keeps items in a file.",
    )
    expect(toExcerpt("```\ncode")).toBe("code")
  })

  it("do not repeat their title as a heading", () => {
    expect(withoutTitle("# 1. Storage of items\n\nText", "Storage of items")).toBe("Text")
    expect(withoutTitle("# Other\n\nText", "Storage")).toBe("# Other\n\nText")
  })
})
