import { describe, expect, it } from "vitest"
import { rank, score } from "./palette.logic.ts"

describe("the palette", () => {
  it("finds what was typed whole before what has only its letters", () => {
    const titles = ["Parse ledger lines", "Pause the loop", "Report overlaps", "New project"]
    const entries = titles.map((title) => ({ title }))
    expect(rank("pa", entries, 9).map((entry) => entry.title)).toEqual([
      "Parse ledger lines",
      "Pause the loop",
    ])
    expect(rank("pll", entries, 9)[0]?.title).toBe("Parse ledger lines")
    expect(rank("np", entries, 9)[0]?.title).toBe("New project")
  })

  it("leaves out what does not fit, and keeps the order without words", () => {
    expect(score("xyz", "Pause")).toBeUndefined()
    expect(rank("", [{ title: "b" }, { title: "a" }], 1)).toEqual([{ title: "b" }])
  })

  it("also looks at other words an entry goes by", () => {
    expect(rank("dark", [{ title: "Appearance", also: "theme dark light" }], 3)).toHaveLength(1)
  })
})
