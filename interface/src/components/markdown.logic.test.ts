import { describe, expect, it } from "vitest"
import { isCostly } from "./markdown.logic.ts"

describe("a text in Markdown", () => {
  it.each(["> ", "1. ", "- ", ">"])("that nests without an end is shown as it is: %j", (piece) => {
    expect(isCostly(`Hello\n${piece.repeat(1000)}`)).toBe(true)
  })

  it.each(["**a", "_a ", "[a](", "a**b", "[]", "`a"])("with marks without an end is, too: %j", (piece) => {
    expect(isCostly(piece.repeat(20_000 / piece.length))).toBe(true)
  })

  it("is read as such when it is long, with lists, rules, tables and code", () => {
    const part = `# Title\n\n- one **two** [three](x.md)\n  1. four\n\n> five\n\n${"-".repeat(80)}\n\n| a | b |\n|---|---|\n| c | d |\n\n\`\`\`\nx[1] = y[2]\n\`\`\`\n\n`
    expect(isCostly(part.repeat(1500))).toBe(false)
  })
})
