import { describe, expect, it } from "vitest"
import { readKey } from "./shortcuts.logic.ts"

const press = (key: string, at = 0, plain = true) => ({ key, at, plain })

describe("keys", () => {
  it("g and then a letter go to a place", () => {
    const first = readKey(undefined, press("g"))
    expect(first.action).toBeUndefined()
    expect(readKey(first.waiting, press("u", 300)).action).toEqual({ kind: "go", tab: "run" })
  })

  it("forget the g after a while and after another key", () => {
    const { waiting } = readKey(undefined, press("g"))
    expect(readKey(waiting, press("t", 5_000)).action).toBeUndefined()
    expect(readKey(waiting, press("x", 10)).waiting).toBeUndefined()
  })

  it("mean nothing together with a modifier or inside a field", () => {
    expect(readKey(undefined, press("n", 0, false))).toEqual({ waiting: undefined })
  })

  it("act alone for the rest", () => {
    expect(readKey(undefined, press("?")).action).toEqual({ kind: "shortcuts" })
    expect(readKey(undefined, press("n")).action).toEqual({ kind: "new project" })
    expect(readKey(undefined, press("k")).action).toEqual({ kind: "move", by: -1 })
  })
})
