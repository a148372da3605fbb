import { runInNewContext } from "node:vm"
import { describe, expect, it } from "vitest"
import { makeEditing, makePreload, makeTelling } from "./page.ts"

describe("scripts of the page", () => {
  it("hold what they tell as data, whatever it is", () => {
    const detail = { text: "</script>`$x`\"'\u2028\n" }
    const heard: unknown[] = []
    const window = { dispatchEvent: (event: CustomEvent) => heard.push([event.type, event.detail]) }
    runInNewContext(makeTelling("document", detail), { window, CustomEvent })
    expect(heard).toEqual([["aura:document", detail]])
  })

  it("undo by keys only where the web view does not, and by the menu as if by keys", () => {
    expect(makePreload("darwin")).not.toContain("keydown")
    expect(makePreload("linux")).toContain("keydown")
    expect(makeEditing("undo")).toContain('"shiftKey":false')
    expect(makeEditing("redo")).toContain('"shiftKey":true')
    expect(makeEditing("paste")).toBe('document.execCommand("paste")')
  })
})
