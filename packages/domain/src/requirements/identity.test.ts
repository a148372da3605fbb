import type { LedgerEntry } from "@aura/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Statement } from "../documents/statements.ts"
import { findStatements } from "../documents/statements.ts"
import { identify, isTypo } from "./identity.ts"
import { number } from "./numbering.ts"

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
  // Whatever people say which statement is.
  const is = fc.constantFrom("new", "R1", "R2", "R3", "R4")
  const decisions = fc.array(fc.record({ text: statement, is }), { maxLength: 4 })
  fc.assert(
    fc.property(fc.array(version, { minLength: 2, maxLength: 6 }), decisions, (versions, identities) => {
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
        const now = number(statements, { version: i + 1, ledger, decisions: [], identities })
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

describe("a doubt about an identity", () => {
  const match = (before: readonly string[], now: readonly string[]) =>
    identify(
      now.map((text) => ({ text })),
      ledgerOf(...before),
    )

  it("is said of a rewording that shares little, and of one that is as much like another", () => {
    expect(
      match(["saves every report as a signed PDF file"], ["saves every report as a web page file"]),
    ).toEqual([{ id: "R1", change: "reworded", doubt: "R1" }])
    expect(
      match(
        ["exports all invoices as CSV on demand", "exports all invoices as XML on demand"],
        ["exports all invoices as JSON on demand", "prints help"],
      )[0],
    ).toMatchObject({ id: "R1", change: "reworded", doubt: "R1" })
    expect(
      match(["Prints the number of lines"], ["Prints the number of lines and words"])[0],
    ).not.toHaveProperty("doubt")
  })

  it("is said of a new statement that may be a rewording, and not of one that is like nothing before", () => {
    expect(
      match(["sends a mail to each customer at night"], ["sends each customer one message every hour"]),
    ).toEqual([{ id: "R2", change: "new", doubt: "R1" }])
    expect(match(["counts lines"], ["encrypts all"])).toEqual([{ id: "R2", change: "new" }])
  })

  const [first, second] = [
    "# T\n\n- sends a mail to each customer at night\n",
    "# T\n\n- sends each customer one message every hour\n",
  ]
  const readAs = (markdown: string, of: Partial<Parameters<typeof number>[1]> = {}) =>
    number(findStatements(markdown), { version: 2, ledger: [], decisions: [], ...of })
  const ledger = readAs(first, { version: 1 }).ledger
  const short = ({ requirements, ledger: all }: ReturnType<typeof readAs>) => [
    ...requirements.map(({ id, since }) => `${id} since ${since}`),
    ...all.map(
      ({ id, closedIn, doubt }) => `${id}${closedIn ? " closed" : ""}${doubt ? ` or ${doubt}` : ""}`,
    ),
  ]

  it("stays through edits of other statements until a person decides, and is over then", () => {
    const now = readAs(second, { ledger })
    expect(short(now)).toEqual(["R2 since 2", "R1 closed", "R2 or R1"])
    const later = readAs(`${second}- prints help\n`, { version: 3, ledger: now.ledger })
    expect(short(later)).toContain("R2 or R1")
    const text = "sends each customer one message every hour"
    const same = readAs(second, { ledger, identities: [{ text, is: "R1" }] })
    expect(short(same)).toEqual(["R1 since 2", "R1"])
    const other = readAs(second, { ledger, identities: [{ text, is: "new" }] })
    expect(short(other)).toEqual(["R2 since 2", "R1 closed", "R2"])
    // Both hold on in later versions.
    for (const decided of [same, other]) {
      const identities = [{ text, is: decided === same ? "R1" : "new" }]
      const next = readAs(`${second}- prints help\n`, { version: 3, ledger: decided.ledger, identities })
      expect(next.requirements[0]).toEqual(decided.requirements[0])
      expect(next.ledger.flatMap(({ doubt }) => doubt ?? [])).toEqual([])
    }
  })
})
