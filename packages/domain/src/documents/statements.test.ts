import type { CountDecision, LedgerEntry } from "@aura/core"
import { describe, expect, it } from "vitest"
import { number, read as readChecked } from "../requirements/requirements.ts"
import { findStatements } from "./statements.ts"

const read = (markdown: string, ledger: LedgerEntry[] = [], decisions: CountDecision[] = []) =>
  number(findStatements(markdown), { version: 2, ledger, decisions })
const texts = (markdown: string) => read(markdown).requirements.map(({ text }) => text)

type Case = [name: string, markdown: string, must: string[], mustNot: string[]]

const cases: Case[] = [
  [
    "settings in front",
    "---\ntitle: Shop\nmust: be quick\ntags:\n  - web\n---\n\n# Shop\n\nThe shop must list goods.\n",
    ["must list goods"],
    ["web", "be quick", "Shop"],
  ],
  ["settings of TOML", '+++\ntitle = "Shop"\n+++\n\nIt must sort.\n', ["must sort"], ["title"]],
  ["breaks that are no settings", "---\n\nIt must sort.\n\n---\n\nIt must list.\n", ["sort", "list"], []],
  [
    "a byte order mark and CRLF",
    "\ufeff# A\r\n\r\n- One must work.\r\n- Two must work.\r\n",
    ["One", "Two"],
    [],
  ],
  ["a byte order mark before settings", "\ufeff---\r\na: b\r\n---\r\n\r\n- One\r\n", ["One"], ["a: b"]],
  [
    "German beside a list",
    "# Kasse\n\nDie Kasse muss jeden Verkauf speichern.\n\nSie soll Belege drucken.\n\nFarben:\n\n- rot\n\nDer Bon darf nie leer sein.\n",
    ["speichern", "drucken", "rot", "nie leer"],
    ["Farben"],
  ],
  [
    "a language that is not known",
    "# Búð\n\nKynning.\n\n- fyrst\n\nKerfið vistar hverja sölu.\n\nÞað prentar kvittanir.\n",
    ["vistar", "prentar", "fyrst"],
    ["Kynning"],
  ],
  [
    "fenced Gherkin",
    "# Login\n\n```gherkin\nFeature: Login\n  Background:\n    Given a shop\n\n  Scenario: right password\n    Given a user\n    When she signs in\n    Then she sees her page\n\n  Scenario Outline: wrong\n    When <word>\n    Then no\n    Examples:\n      | word |\n      | x |\n```\n\nIt must be fast.\n",
    ["right password Given a user When she signs in Then she sees her page", "wrong", "must be fast"],
    ["Background", "| x |"],
  ],
  [
    "Gherkin in a fence that names no language",
    "```\nScenario: in\n  Given a user\n  Then a page\n```\n",
    ["in Given a user Then a page"],
    [],
  ],
  [
    "bare Gherkin",
    "Feature: Login\n  So that it is safe\n\n  Scenario: right password\n    Given a user\n    Then a page\n\n  Scenario: wrong password\n    Given a user\n    Then an error\n",
    ["right password", "a page", "wrong password", "an error"],
    ["So that it is safe"],
  ],
  [
    "Gherkin in German",
    "# language: de\n\n```gherkin\nFunktionalität: Anmeldung\n  Szenario: richtig\n    Angenommen ein Nutzer\n    Wenn er kommt\n    Dann sieht er alles\n```\n",
    ["richtig", "sieht er alles"],
    [],
  ],
  [
    "headings with labels and text below",
    "# Spec\n\n### REQ-1: Users sign in with a password\n\nDetails follow.\n\n### REQ-2: Users sign out\n\nThe log must be kept.\n\n### FR-003 Search\n",
    ["sign in with a password Details follow.", "sign out", "log must be kept", "Search"],
    ["Spec"],
  ],
  [
    "headings that demand and headings that are titles",
    "# What the shop must do now\n\n- list\n\n## Must have\n\n- sort\n\n## The shop shall print receipts\n\nIn colour.\n\n## UTF-8 files\n",
    ["list", "sort", "shall print receipts In colour."],
    ["What the shop", "Must have", "UTF-8"],
  ],
  [
    "a list of HTML",
    "# Shop\n\n<ul>\n<li>The shop must list goods.</li>\n<li>It must <b>sort</b> them\n<ul><li>by price</li></ul></li>\n<li><del>gone</del></li>\n<!-- <li>hidden</li> -->\n</ul>\n\nIt must be quick.\n",
    ["The shop must list goods.", "It must sort them", "by price", "must be quick"],
    ["gone", "hidden", "<"],
  ],
  [
    "a table of HTML",
    "<table><tr><th>Id</th><th>Need</th></tr>\n<tr><td>1</td><td>be on disk</td></tr></table>\n",
    ["1 | be on disk"],
    ["Need"],
  ],
  [
    "details",
    "<details>\n<summary>More</summary>\n\n- inside must work\n\n</details>\n\n<details><summary>Less</summary><p>It must last.</p></details>\n",
    ["inside must work", "It must last."],
    ["More", "Less"],
  ],
  [
    "comments",
    "<!-- - hidden item must not count -->\n\n- shown must count <!-- not this -->\n<!--\n- also hidden\n\n- and this\n-->\n- last must count\n\nIt <!-- secretly --> must hold.\n",
    ["shown must count", "last must count", "must hold"],
    ["hidden", "not this", "and this", "secretly"],
  ],
  [
    "an item of several paragraphs",
    '1. Save a file.\n\n   It must be written whole.\n\n   As people expect.\n\n   ```json\n   {"a":1}\n   ```\n2. Load a file.\n',
    ["Save a file. As people expect.", "It must be written whole.", "Load a file."],
    ['{"a":1}'],
  ],
  [
    "labels of the document's own",
    "- **FR-001**: System MUST save\n- [ ] T001 [P] do\n- [x] NFR-2 be quick\n- ~~old one~~\n- FR-9 keep ~~this~~ that\n",
    ["MUST save", "T001 [P] do", "NFR-2 be quick", "FR-9 keep that"],
    ["old one", "this", "[ ]", "[x]"],
  ],
  [
    "what is struck out, with all below it",
    "- ~~old~~\n  - part of old\n- <s>gone</s>\n- new\n\n~~It must fly.~~\n\n| id | need |\n|---|---|\n| R1 | ~~swim~~ |\n| R2 | walk |\n",
    ["new", "walk"],
    ["old", "gone", "fly", "swim"],
  ],
  [
    "tables, also of EARS",
    "| ID | WHEN | SHALL |\n|---|---|---|\n| 1 | saved | be on disk |\n| 2 | loaded | be in memory |\n",
    ["be on disk", "be in memory"],
    ["SHALL"],
  ],
  [
    "sentences of EARS",
    "While the shop is open, when a sale ends, the till shall print.\n\nIf the paper is out, then the till shall beep.\n",
    ["shall print", "shall beep"],
    [],
  ],
  [
    "contents",
    "# A\n\n- [Intro](#intro)\n  - [Deep](#deep)\n- [Needs](#needs)\n\n[Up](#a) | [Down](#z)\n\n[TOC]\n\n## Needs\n\nIt must save.\n",
    ["must save"],
    ["Intro", "Deep", "Needs", "Up", "TOC"],
  ],
  [
    "contents without links",
    "# A\n\n## Contents\n\n1. Intro\n2. Needs\n\n## Intro\n\nHello.\n\n## Needs\n\n- save\n",
    ["save"],
    ["Intro", "Needs"],
  ],
  [
    "links that are statements",
    "- [Sign in](https://example.com/login)\n- see [Intro](#intro) and save\n",
    ["Sign in", "see Intro and save"],
    [],
  ],
  [
    "code",
    "    - not a list but code\n\nText must stay.\n\n```js\nmust(be, code)\n```\n",
    ["Text must stay"],
    ["not a list", "must(be"],
  ],
  [
    "sentences in a fence of text",
    "# A\n\n- one\n\n```text\nThe system must save every note.\n- It must load them again.\nfoo();\n```\n",
    ["must save every note", "must load them again"],
    ["foo"],
  ],
  ["quotes and alerts", "> [!NOTE]\n> It must save.\n\n> - and load\n", ["must save", "and load"], []],
  ["bullets that Markdown does not know", "It is:\n\n• quick\n• small\n", ["quick", "small"], ["It is"]],
  [
    "user stories",
    "# A\n\n- x\n\nAs a seller, I want to print, so that I have a receipt.\n\nAls Kunde möchte ich zahlen.\n",
    ["I want to print", "möchte ich zahlen"],
    [],
  ],
  [
    "headings that stand under one of requirements",
    "# Shop\n\nHello.\n\n## Functional requirements\n\nAs agreed with Ada.\n\n### Sign in\n\nUsers sign in with a password.\n\n### Print\n\n- receipts\n\n## History\n\nWritten in June.\n\n## Limits\n\nIt must be fast.\n",
    ["As agreed", "Sign in Users sign in with a password.", "receipts"],
    ["Hello", "Functional", "Print", "Written"],
  ],
  [
    "stories and scenarios as headings",
    "# Spec\n\n### User Story 1 - Sign in (Priority: P1)\n\nShe sees her page.\n\n1. **Given** a user, **When** she comes, **Then** a page\n\n## Scenario: wrong password\n\n* Given a user\n* Then an error\n\n**Scenario:** locked\n**Given** a user\n**Then** nothing\n",
    [
      "Sign in (Priority: P1) She sees her page.",
      "Given a user, When",
      "wrong password",
      "an error",
      "locked Given a user Then nothing",
    ],
    ["Spec"],
  ],
  ["headings under a line", "Shop\n====\n\nIt must sell.\n", ["must sell"], ["Shop"]],
]

describe("a document", () => {
  it.each(cases)("with %s", (_, markdown, must, mustNot) => {
    const found = texts(markdown)
    for (const part of must) expect(found).toEqual(expect.arrayContaining([expect.stringContaining(part)]))
    for (const part of mustNot) expect(found.filter((text) => text.includes(part))).toEqual([])
  })

  it.each(cases)("tells the line of each statement, and reads the same with CRLF: %s", (_, markdown) => {
    const unix = markdown.replaceAll("\r\n", "\n")
    const { requirements } = read(unix)
    const lines = unix.split("\n")
    for (const { text, line } of requirements) {
      const [word = ""] = text.match(/[\p{L}\p{N}]+/u) ?? []
      expect(lines[line - 1]).toContain(word)
    }
    expect(read(unix.replaceAll("\n", "\r\n")).requirements).toEqual(requirements)
  })

  it("keeps the labels it gives itself, beside the numbers", () => {
    const { requirements } = read(
      "- **FR-001**: save\n- R7: load\n- [REQ-3.2] print\n- plain\n- 1 egg\n- A4 paper\n",
    )
    expect(requirements.map(({ id, label }) => [id, label])).toEqual([
      ["R1", "FR-001"],
      ["R7", undefined],
      ["R2", "REQ-3.2"],
      ["R3", undefined],
      ["R4", undefined],
      ["R5", undefined],
    ])
  })

  it("says what it is unsure of, and what does not count and why", () => {
    const { requirements, uncounted } = read(
      "---\na: b\n---\n\n# Shop\n\nA shop.\n\n- sell\n\nIt can print.\n\nColours:\n\n- red\n\n```js\nx\n```\n\n<!-- y -->\n\n- ~~z~~\n\n## Glossary\n\n- till: a box\n",
    )
    expect(requirements.map(({ text, unsure = false }) => [text, unsure])).toEqual([
      ["sell", false],
      ["It can print.", true],
      ["red", true],
      ["till: a box", true],
    ])
    expect(uncounted.map(({ text, reason }) => [text, reason])).toEqual([
      ["a: b", "front_matter"],
      ["Shop", "heading"],
      ["A shop.", "prose"],
      ["Colours:", "prose"],
      ["x", "code"],
      ["y", "comment"],
      ["z", "struck"],
      ["Glossary", "heading"],
    ])
  })
})

describe("what people said", () => {
  const markdown = "# A\n\nA shop.\n\n- one\n- two\n"

  it("counts, or does not, whatever the document looks like, and survives its edits", () => {
    const decisions = [
      { text: "A shop.", counts: true },
      { text: "two", counts: false },
    ]
    const first = read(markdown, [], decisions)
    expect(first.requirements.map(({ id, text }) => `${id} ${text}`)).toEqual(["R1 A shop.", "R2 one"])
    expect(first.uncounted).toContainEqual({ text: "two", line: 6, reason: "person" })
    const edited = `# B\n\nNew.\n\n1. three\n2. **Two**\n\nA  shop\n\n- one\n`
    const second = read(edited, first.ledger, decisions)
    expect(second.requirements.map(({ id, text }) => `${id} ${text}`)).toEqual([
      "R3 three",
      "R1 A shop",
      "R2 one",
    ])
    expect(second.uncounted.map(({ text }) => text)).toContain("Two")
  })
})

describe("a large document", () => {
  const halfMillion = 2 ** 19
  const fill = (part: string, length: number) => part.repeat(Math.ceil(length / part.length)).slice(0, length)
  const shapes: Record<string, (length: number) => string> = {
    items: (length) => fill("- The app must save **every** note.\n", length),
    paragraphs: (length) => fill("The app must save every note.\n\n", length),
    rows: (length) => `| a | b |\n|---|---|\n${fill("| must | x |\n", length)}`,
    "one word": (length) => `must ${fill("a", length)}`,
    "open brackets": (length) => `must ${fill("[", length)}`,
    "links without end": (length) => `must ${fill("[a](", length)}`,
    "pictures without end": (length) => `must ${fill("![", length)}`,
    stars: (length) => `must ${fill("*a_ ", length)}`,
    ticks: (length) => `must ${fill("`a ``b ", length)}`,
    blanks: (length) => `must${fill(" ", length)}x`,
    tags: (length) => `must\n\n${fill("<div>", length)}`,
    "a comment without end": (length) => `must\n\n<!--${fill("a\n", length)}`,
    labels: (length) => `- ${fill("A-1.", length)}`,
    scenarios: (length) => fill("Scenario: a\nGiven b\nThen c\n", length),
    settings: (length) => `---\n${fill("a: b\n", length)}`,
    Chinese: (length) => fill("系统必须保存每一条记录。\n\n", length),
  }
  const measure = (markdown: string) => {
    const before = process.cpuUsage()
    findStatements(markdown)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }

  it.each(Object.entries(shapes))("of %s is read in a time that grows with its length", (_, make) => {
    const small = Math.max(20, Math.min(measure(make(halfMillion / 8)), measure(make(halfMillion / 8))))
    expect(measure(make(halfMillion))).toBeLessThan(small * 8 * 4)
  })

  it.each([
    ["quotes", "> ".repeat(5000)],
    ["items in one line", "- ".repeat(5000)],
    ["numbers in one line", "1. ".repeat(5000)],
    ["items below each other", Array.from({ length: 1000 }, (_, i) => `${"  ".repeat(i)}- a`).join("\n")],
  ])("of %s nested too deeply is refused in a sentence", async (_, markdown) => {
    await expect(readChecked(`It must be.\n\n${markdown}`)).rejects.toThrow(/nested more than 100 levels/)
  })

  it("of ten megabytes is refused in a sentence", async () => {
    await expect(readChecked(fill("- must\n", 20 * halfMillion))).rejects.toThrow(/larger than 5 MB/)
  })
})
