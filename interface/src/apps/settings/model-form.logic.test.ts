import type { SettingsView } from "@aura/core"
import { describe, expect, it } from "vitest"
import { findProblems, toChange, toForm } from "./model-form.logic.ts"

const settings: SettingsView = {
  model: "opus",
  fastModel: "haiku",
  fallbackModel: null,
  rotateAt: 0.5,
  rotatesByPrice: false,
  efforts: { plan: "xhigh", work: "high", chat: "medium" },
  models: {},
  budgetUsd: null,
  modelBaseUrl: "",
  dataDir: "",
  version: "1",
  lanAllows: [],
  editor: null,
  updateChannel: "stable",
  lanUrl: null,
  lanSecure: null,
  sandbox: { kind: "bubblewrap", reason: null },
}

describe("the settings form", () => {
  it("sends only what was changed", () => {
    const form = toForm(settings)
    expect(toChange(form, settings)).toEqual({})
    expect(toChange({ ...form, rotateAt: "60", budget: "12.5" }, settings)).toEqual({
      rotateAt: 0.6,
      budgetUsd: 12.5,
    })
  })

  it("goes back to the default where a field was emptied", () => {
    expect(toChange({ ...toForm(settings), model: " " }, settings)).toEqual({ model: null })
  })

  it("names another model for when the first cannot be reached, and none again", () => {
    const change = toChange({ ...toForm(settings), fallbackModel: "sonnet" }, settings)
    expect(change).toEqual({ fallbackModel: "sonnet" })
    const chosen = { ...settings, fallbackModel: "sonnet" }
    expect(toChange({ ...toForm(chosen), fallbackModel: "" }, chosen)).toEqual({ fallbackModel: null })
  })

  it("changes the effort of one kind of work", () => {
    expect(toChange({ ...toForm(settings), workEffort: "max" }, settings)).toEqual({
      efforts: { work: "max" },
    })
  })

  it("shows no share where sessions turn over by price, and goes back to that when it is emptied", () => {
    expect(toForm({ ...settings, rotatesByPrice: true }).rotateAt).toBe("")
    expect(toChange({ ...toForm(settings), rotateAt: "" }, settings)).toEqual({ rotateAt: null })
  })

  it("refuses figures that make no sense", () => {
    expect(Object.keys(findProblems({ ...toForm(settings), rotateAt: "99", budget: "lots" }))).toEqual([
      "rotateAt",
      "budget",
    ])
    expect(findProblems(toForm(settings))).toEqual({})
  })
})
