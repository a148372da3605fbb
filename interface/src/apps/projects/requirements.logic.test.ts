import { describe, expect, it } from "vitest"
import { toChunks, toInline, toPassages, toProofs } from "./requirements.logic.ts"

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

describe("a requirement", () => {
  const task = (status: "done" | "failed" | "pending", ...requirementIds: string[]) => ({
    status,
    requirementIds,
  })
  const proofs = (...tasks: ReturnType<typeof task>[]) =>
    toProofs([requirement("R1", 1), requirement("R2", 2)], tasks)

  it("is proven only when every task that names it is done", () => {
    expect(proofs(task("done", "R1"), task("done", "R1", "R2")).get("R1")).toBe("proven")
    expect(proofs(task("done", "R1"), task("pending", "R1")).get("R1")).toBe("in progress")
    expect(proofs(task("done", "R1"), task("failed", "R1")).get("R1")).toBe("failed")
  })

  it("says so when no task takes care of it", () => {
    expect(proofs(task("done", "R1")).get("R2")).toBe("no task")
    expect(proofs(task("pending", "R2")).get("R2")).toBe("planned")
  })
})
