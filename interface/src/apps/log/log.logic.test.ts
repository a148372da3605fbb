import { describe, expect, it } from "vitest"
import { changeFilter, isFiltered, parseLogSearch } from "./log.logic.ts"

describe("the filter of the log", () => {
  it.each([
    [{}, {}],
    [
      { project: "p", kind: "task", problems: true },
      { project: "p", kind: "task", problems: "true" },
    ],
    [{ project: "", kind: "toString", problems: "no", other: 1 }, {}],
    [{ project: 3, kind: "entry" }, { kind: "entry" }],
  ])("reads %j as %j", (search, filter) => {
    expect(parseLogSearch(search)).toEqual(filter)
    expect(isFiltered(parseLogSearch(search))).toBe(Object.keys(filter).length > 0)
  })

  it("takes a choice out when it is emptied, and leaves the others", () => {
    expect(changeFilter({ project: "p", kind: "task" }, { kind: "" })).toEqual({ project: "p" })
  })
})
