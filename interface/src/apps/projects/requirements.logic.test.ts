import { describe, expect, it } from "vitest"
import { toChunks, toInline, toPassages } from "./requirements.logic.ts"

const requirement = (id: string, line: number) => ({ id, text: id, line })

describe("a requirements document", () => {
  it("is passages with the requirements that stand in them", () => {
    const passages = toPassages("# Todo\n\n- add\n```\n# not a heading\n```", [requirement("R1", 3)])
    expect(passages.map((passage) => passage.kind)).toEqual([
      "heading",
      "blank",
      "item",
      "code",
      "code",
      "code",
    ])
    expect(passages[0]).toMatchObject({ level: 1, text: "Todo" })
    expect(passages[2]).toMatchObject({ n: 3, marker: "•", text: "add", requirementIds: ["R1"] })
  })

  it("flows over line breaks that mean nothing", () => {
    const texts = toPassages("One\ntwo.\n- item\n  goes on\n  1. inner\n\nNext", []).map((one) => one.text)
    expect(texts).toEqual(["One two.", "item goes on", "inner", "", "Next"])
  })

  it("keeps a line apart that is a requirement of its own", () => {
    const passages = toPassages("It must add.\nIt must list.", [requirement("R1", 1), requirement("R2", 2)])
    expect(passages.map((passage) => passage.requirementIds)).toEqual([["R1"], ["R2"]])
  })

  it("tells code and strong words apart", () => {
    const words = (text: string) => toInline(text).map((part) => `${part.kind}:${part.text}`)
    expect(words("Use `todo`")).toEqual(["text:Use ", "code:todo"])
    expect(words("**never** lose")).toEqual(["strong:never", "text: lose"])
    expect(words("2 * 3")).toEqual(["text:2 * 3"])
    expect(words("")).toEqual([])
  })

  it("is cut into parts of bounded size", () => {
    expect(toChunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
    expect(toChunks([], 2)).toEqual([])
  })
})
