import { expect, it } from "vitest"
import { parseIdeSearch } from "./ide.logic.ts"

it("takes from an address what it understands", () => {
  expect(parseIdeSearch({ project: "p", path: "src/a.ts", line: "12", view: "diff", follow: "on" })).toEqual({
    project: "p",
    path: "src/a.ts",
    line: 12,
    view: "diff",
    follow: "on",
  })
  expect(parseIdeSearch({ path: 7 })).toEqual({ path: "7" })
  expect(parseIdeSearch({ project: 7, path: ".", line: "-1", view: "x", follow: true })).toEqual({})
})
