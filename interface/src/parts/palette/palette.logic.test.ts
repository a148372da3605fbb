import { describe, expect, it } from "vitest"
import { arrange, rank, score } from "./palette.logic.ts"

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

it("puts the group of the best entry first once something is typed, so that Enter takes the best", () => {
  const entries = [
    { title: "Make a", group: "Tasks" },
    { title: "Retry Make b", group: "Do" },
  ] as const
  const titles = (typed: string) =>
    arrange(typed, rank(typed, entries, 9), ["Do", "Tasks"]).map((entry) => entry.title)
  expect(titles("make")).toEqual(["Make a", "Retry Make b"])
  expect(titles("")).toEqual(["Retry Make b", "Make a"])
})
