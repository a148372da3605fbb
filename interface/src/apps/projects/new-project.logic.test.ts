import { describe, expect, it } from "vitest"
import {
  emptyDraft,
  fieldOf,
  findNextBlank,
  findProblems,
  parseDraft,
  readDocument,
  suggestName,
  toBody,
} from "./new-project.logic.ts"

const good = { ...emptyDraft, name: " Todo ", requirements: "# Todo\n- add", folder: " /home/ada/todo " }

describe("a new project", () => {
  it("is sent without the fields that were left empty", () => {
    expect(toBody(good)).toEqual({
      name: "Todo",
      requirements: "# Todo\n- add",
      workspacePath: "/home/ada/todo",
    })
    expect(toBody({ ...good, budget: "$ 12,50", test: "npm test" })).toMatchObject({
      budgetUsd: 12.5,
      testCommand: "npm test",
    })
  })

  it("is told what is missing before it is sent", () => {
    expect(Object.keys(findProblems(emptyDraft))).toEqual(["name", "requirements"])
    expect(findProblems({ ...good, folder: "todo", budget: "lots" })).toMatchObject({
      folder: expect.stringContaining("whole path"),
      budget: expect.stringContaining("US dollars"),
    })
    expect(findProblems({ ...good, requirements: "# {{What changes}}\n- add" })).toEqual({
      requirements: "The document still has blanks to fill in: {{What changes}}.",
    })
    expect(findProblems({ ...good, folder: "C:\\work\\todo" })).toEqual({})
  })

  it("survives a reload, and rubbish where its draft was kept", () => {
    expect(parseDraft(JSON.stringify(good))).toEqual(good)
    expect(parseDraft("{")).toEqual(emptyDraft)
    expect(parseDraft('{"name":7}')).toEqual(emptyDraft)
    expect(parseDraft(null)).toEqual(emptyDraft)
  })

  it("gets the server's complaint beside the field it is about", () => {
    expect(fieldOf("The workspace folder does not exist.", undefined)).toBe("folder")
    expect(fieldOf("Not allowed", { field: "budgetUsd" })).toBe("budget")
    expect(fieldOf("The server is full.", undefined)).toBeUndefined()
  })

  it("is named after its document when it has no name yet", () => {
    expect(suggestName("intro\n# Requirements: Todo list\n")).toBe("Todo list")
    expect(suggestName("# Todo list – Requirements")).toBe("Todo list")
    expect(suggestName("no heading")).toBe("")
    expect(suggestName("# {{Name of the library}}")).toBe("")
  })
})

it("finds the next blank of a template, and the first one again after the last", () => {
  const text = "{{port}} {{mine}} {{time}} {{port}}"
  const next = (from: number) => findNextBlank(text, from)
  expect(next(0)).toEqual({ start: 0, end: 8 })
  expect(next(8)).toEqual({ start: 18, end: 26 })
  expect(next(26)).toEqual({ start: 27, end: 35 })
  expect(next(35)).toEqual({ start: 0, end: 8 })
  expect(findNextBlank("{{mine}}", 0)).toBeUndefined()
})

it("takes plain text for a document and refuses what is none, by name", () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(readDocument("a.md", bytes("# Größe\n"))).toEqual({ text: "# Größe\n" })
  for (const odd of [new Uint8Array([0x50, 0x4b, 3, 4, 0xff]), bytes("a\0b"), new Uint8Array(5_000_001)])
    expect(readDocument("a.docx", odd)).toEqual({ problem: expect.stringContaining("a.docx") })
})
