import { describe, expect, it } from "vitest"
import { parseRunView, toLayout } from "./run-view.logic.ts"

describe("the view of a run", () => {
  it("is what the address says, and nothing it does not know", () => {
    expect(parseRunView({ task: "t1", panel: "checks", view: "split", outline: "off", x: 1 })).toEqual({
      task: "t1",
      panel: "checks",
      view: "split",
      outline: "off",
    })
    expect(parseRunView({ task: 4, panel: "wall", view: "wide", outline: "maybe" })).toEqual({})
  })

  it("stands side by side where there is room", () => {
    expect(toLayout({}, "wide")).toEqual({ outline: true, live: true, side: "changes" })
    expect(toLayout({ outline: "off", panel: "context" }, "wide")).toEqual({
      outline: false,
      live: true,
      side: "context",
    })
    expect(toLayout({}, "medium").outline).toBe(false)
    expect(toLayout({ outline: "on" }, "medium").outline).toBe(true)
  })

  it("is one thing at a time on a phone, the live one first", () => {
    expect(toLayout({}, "narrow")).toEqual({ outline: false, live: true, side: undefined })
    expect(toLayout({ panel: "checks" }, "narrow")).toEqual({ outline: false, live: false, side: "checks" })
    expect(toLayout({ panel: "outline" }, "narrow")).toMatchObject({ outline: true, live: false })
  })
})
