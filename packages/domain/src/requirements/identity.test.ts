import type { LedgerEntry } from "@aura/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Statement } from "../documents/statements.ts"
import { identify, isTypo } from "./identity.ts"
import { number } from "./requirements.ts"

const ledgerOf = (...texts: string[]): LedgerEntry[] =>
  texts.map((text, i) => ({ id: `R${i + 1}`, text, since: 1, earlier: [] }))
const after = (before: readonly string[], now: readonly string[]) =>
  identify(
    now.map((text) => ({ text })),
    ledgerOf(...before),
  ).map(({ id, change }) => `${id} ${change}`)

describe("the identity of a requirement", () => {
  it("is kept through insertion, removal and reordering", () => {
    expect(after(["counts lines", "prints help"], ["prints help", "writes logs", "counts lines"])).toEqual([
      "R2 none",
      "R3 new",
      "R1 none",
    ])
  })

  it("is not given to a statement that replaces another one", () => {
    expect(after(["reads files", "counts lines"], ["reads files", "encrypts all"])).toEqual([
      "R1 none",
      "R3 new",
    ])
  })

  it("is not given away once it was closed, and comes back with its statement", () => {
    const closed: LedgerEntry[] = [
      { id: "R1", text: "a b c", since: 1, earlier: [] },
      { id: "R2", text: "counts lines", since: 1, earlier: [], closedIn: 2 },
    ]
    expect(identify([{ text: "a b c" }, { text: "sorts words" }], closed)[1]).toEqual({
      id: "R3",
      change: "new",
    })
    expect(identify([{ text: "counts lines" }], closed)).toEqual([{ id: "R2", change: "none" }])
  })

  it("is kept through a typo and through rewording, which are told apart", () => {
    expect(after(["The tool recieves files"], ["The tool receives files"])).toEqual(["R1 typo"])
    expect(after(["Prints the number of lines"], ["Prints the number of lines and words"])).toEqual([
      "R1 reworded",
    ])
  })

  it("follows the document's own labels", () => {
    const ledger: LedgerEntry[] = [{ id: "R1", label: "FR-001", text: "It saves.", since: 1, earlier: [] }]
    expect(identify([{ label: "FR-001", text: "It exports everything to PDF." }], ledger)).toEqual([
      { id: "R1", change: "reworded" },
    ])
  })
})

describe("a typo", () => {
  it.each([
    ["seperate files by commas", "separate files by commas"],
    ["counts occured errors", "counts occurred errors"],
    ["shows requirments", "shows requirements"],
    ["prints json output", "prints JSON output"],
  ])("is %s → %s", (before, now) => expect(isTypo(before, now)).toBe(true))

  it.each([
    ["keeps 10 lines", "keeps 20 lines"],
    ["must answer", "must not answer"],
    ["x > 5 fails", "x < 5 fails"],
    ["encrypts files", "decrypts files"],
    ["includes drafts", "excludes drafts"],
    ["increases the limit", "decreases the limit"],
    ["stores one file", "stores one files"],
    ["may be empty", "must be empty"],
    ["waits 1.5 s", "waits 15 s"],
  ])("is not %s → %s", (before, now) => expect(isTypo(before, now)).toBe(false))
})

it("never makes a number mean another statement, whatever is edited", () => {
  const words = fc.constantFrom("counts", "encrypts", "prints", "lines", "words", "not", "10", "20", "all")
  const statement = fc.array(words, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(" "))
  const version = fc.array(statement, { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.array(version, { minLength: 2, maxLength: 6 }), (versions) => {
      /** What each number said in each of its versions. */
      const said = new Map<string, string>()
      let ledger: LedgerEntry[] = []
      for (const [i, texts] of versions.entries()) {
        const statements = texts.map(
          (text, line): Statement => ({
            text,
            line: line + 1,
            label: undefined,
            verdict: "counted",
          }),
        )
        const now = number(statements, { version: i + 1, ledger, decisions: [] })
        expect(new Set(now.requirements.map(({ id }) => id)).size).toBe(now.requirements.length)
        for (const { id, text, since } of now.requirements) {
          const key = `${id} since ${since}`
          expect(said.get(key) ?? text).toBe(text)
          said.set(key, text)
        }
        ledger = now.ledger
      }
    }),
  )
})
