import { expect, it } from "vitest"
import { parseIdeSearch, readIdeKey } from "./ide.logic.ts"

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

it("knows the keys of the window, and no others", () => {
  const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", true>>) =>
    readIdeKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })
  expect(press("P", { metaKey: true })).toBe("go")
  expect(press("F", { ctrlKey: true, shiftKey: true })).toBe("find")
  expect(press("f", { ctrlKey: true })).toBeUndefined()
  expect(press("w", { altKey: true })).toBe("close")
  expect(press("w", { altKey: true, ctrlKey: true })).toBeUndefined()
  expect(press("F6", {})).toBe("cross")
  expect(press("constructor", {})).toBeUndefined()
})
