import { describe, expect, it } from "vitest"
import { toForm, toModels } from "./model-facts.logic.ts"

describe("the form of a model's facts", () => {
  it("keeps what was entered, and no more", () => {
    const form = { ...toForm({ contextWindow: 32_768 }), inputUsd: "0.5", thinking: "budget" }
    expect(toModels("m", form, { other: { maxOutput: 4096 } })).toEqual({
      models: { other: { maxOutput: 4096 }, m: { contextWindow: 32_768, inputUsd: 0.5, thinking: "budget" } },
    })
  })

  it("keeps what the model sees, text only included", () => {
    const form = toForm({ sees: [] })
    expect(form.sees).toBe("nothing")
    expect(toModels("m", { ...form, sees: "all" }, {})).toEqual({ models: { m: { sees: ["image", "pdf"] } } })
    expect(toModels("m", form, {})).toEqual({ models: { m: { sees: [] } } })
  })

  it("forgets a model when all its fields are emptied", () => {
    expect(toModels("m", toForm(undefined), { m: { maxOutput: 4096 } })).toEqual({ models: {} })
  })

  it.each([
    ["contextWindow", "12", "Window in tokens"],
    ["contextWindow", "many", "Window in tokens"],
    ["outputUsd", "-1", "Output, USD per million"],
  ])("refuses a figure that makes no sense: %s %s", (field, text, words) => {
    expect(toModels("m", { ...toForm(undefined), [field]: text }, {})).toEqual({
      problem: expect.stringContaining(words),
    })
  })
})
