import { describe, expect, it } from "vitest"
import { clampWidth, readWidth, widthByKey } from "./panel.logic.ts"

const room = { initial: 300, min: 200, max: 500 }

describe("the width of a panel", () => {
  it("is what this device remembers, as far as there is room", () => {
    expect(readWidth(null, room)).toBe(300)
    expect(readWidth("420", room)).toBe(420)
    expect(readWidth("9000", room)).toBe(500)
    expect(readWidth("wide", room)).toBe(300)
    expect(clampWidth(-5, room)).toBe(200)
  })

  it("grows by the arrow that points away from the panel, on either side", () => {
    expect(widthByKey("ArrowRight", 300, "left", room)).toBe(324)
    expect(widthByKey("ArrowRight", 300, "right", room)).toBe(276)
    expect(widthByKey("End", 300, "right", room)).toBe(500)
    expect(widthByKey("Enter", 444, "left", room)).toBe(300)
    expect(widthByKey("x", 300, "left", room)).toBeUndefined()
  })
})
