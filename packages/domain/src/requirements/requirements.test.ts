import { describe, expect, it } from "vitest"
import { findStatements } from "../documents/statements.ts"
import { createStatementReader } from "../statement-reader.ts"
import { type Numbered, number as numberStatements, read } from "./requirements.ts"

const numbered = (markdown: string, before: Numbered = { requirements: [], uncounted: [], ledger: [] }) =>
  numberStatements(findStatements(markdown), {
    version: before.ledger.length === 0 ? 1 : 2,
    ledger: before.ledger,
    decisions: [],
  })
const number = (markdown: string) => numbered(markdown).requirements
const ids = (markdown: string, before?: Numbered) =>
  numbered(markdown, before).requirements.map((row) => `${row.id} ${row.line} ${row.text}`)

describe("numbering requirements", () => {
  it("gives every list item a number and the line it stands on", () => {
    expect(ids("# Shop\n\nA shop.\n\n- sells things\n- takes money\n  - in cash\n")).toEqual([
      "R1 5 sells things",
      "R2 6 takes money",
      "R3 7 in cash",
    ])
  })

  it("counts paragraphs that say what must be, and table rows, and skips code", () => {
    const markdown =
      "# T\n\nIt must be fast.\n\nNice to meet you.\n\n```\n- not this\n```\n\n| a | b |\n|---|---|\n| one | two |\n"
    expect(ids(markdown)).toEqual(["R1 3 It must be fast.", "R2 13 one | two"])
  })

  it("takes a document without lists paragraph by paragraph, and one with headings only by its headings", () => {
    expect(ids("A clock.\n\nIt shows hours.")).toEqual(["R1 1 A clock.", "R2 3 It shows hours."])
    expect(ids("# A clock\n\n## With hands")).toEqual(["R1 1 A clock", "R2 3 With hands"])
  })

  it("keeps numbers the document gives itself", () => {
    expect(ids("- R7: seven\n- other\n- R1 – one")).toEqual(["R7 1 R7: seven", "R2 2 other", "R1 3 R1 – one"])
  })

  it("keeps the number of what stayed when the document is edited", () => {
    const before = numbered("- a\n- b\n- c")
    expect(ids("- new\n- c\n- a", before)).toEqual(["R4 1 new", "R3 2 c", "R1 3 a"])
  })

  it("never gives one number twice", () => {
    const rows = number("- R1: x\n- R1: y\n- z\n- z")
    expect(new Set(rows.map((row) => row.id)).size).toBe(4)
  })
})

describe("checking a document", () => {
  it.each([
    ["empty text", ""],
    ["white space", " \n\t\n"],
    ["only code", "```\nx\n```"],
    ["bytes that were no UTF-8", "- a \ufffd"],
    ["a NUL", "- a\0"],
    ["quotes nested without an end", "> ".repeat(20_000)],
  ])("refuses %s", async (_, markdown) => {
    await expect(read(markdown)).rejects.toMatchObject({ code: "bad_request" })
  })

  it("refuses more than 5 MB", async () => {
    await expect(read(`- ${"x".repeat(5 * 1024 * 1024)}`)).rejects.toMatchObject({ code: "too_large" })
  })

  it("keeps the program responsive and ends in time, whatever the text, and reads the next document", async () => {
    const reader = createStatementReader(200)
    let ticks = 0
    const timer = setInterval(() => ticks++, 10)
    await expect(reader.read("- It must be.\n".repeat(350_000))).rejects.toMatchObject({
      code: "bad_request",
    })
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(3)
    expect(await createStatementReader().read("- a\n- b")).toMatchObject([{ text: "a" }, { text: "b" }])
  })
})
