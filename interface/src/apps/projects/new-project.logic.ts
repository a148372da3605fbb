/** The new-project form: its draft, what is wrong with it, and what is sent. Pure. */
import { type CreateProject, describeBlanks, findBlanks, maxRequirementsBytes } from "@aura/core"

export type Draft = {
  name: string
  requirements: string
  folder: string
  build: string
  test: string
  budget: string
}

export type Field = keyof Draft
export type Problems = Partial<Record<Field, string>>

export const emptyDraft: Draft = { name: "", requirements: "", folder: "", build: "", test: "", budget: "" }

/** A draft kept as JSON; anything unreadable is an empty draft. */
export function parseDraft(kept: string | null): Draft {
  if (!kept) return emptyDraft
  try {
    const value: unknown = JSON.parse(kept)
    if (typeof value !== "object" || value === null) return emptyDraft
    const read = (field: Field) => {
      const text: unknown = Reflect.get(value, field)
      return typeof text === "string" ? text : ""
    }
    return {
      name: read("name"),
      requirements: read("requirements"),
      folder: read("folder"),
      build: read("build"),
      test: read("test"),
      budget: read("budget"),
    }
  } catch {
    return emptyDraft
  }
}

export function findProblems(draft: Draft): Problems {
  const problems: Problems = {}
  if (!draft.name.trim()) problems.name = "A project needs a name."
  if (!draft.requirements.trim()) {
    problems.requirements = "There is nothing to build yet. Paste the document, or drop a .md file here."
  } else if (new Blob([draft.requirements]).size > maxRequirementsBytes) {
    problems.requirements = `The document is larger than ${maxRequirementsBytes / 1024 / 1024} MB. Split it.`
  } else {
    const blanks = describeBlanks(draft.requirements)
    if (blanks) problems.requirements = blanks
  }
  if (draft.folder.trim() && !isAbsolute(draft.folder.trim())) {
    problems.folder = "Give the whole path, such as /home/ada/todo."
  }
  if (draft.budget.trim() && toBudget(draft.budget) === undefined) {
    problems.budget = "Give an amount in US dollars, such as 5 or 12.50."
  }
  return problems
}

export function toBody(draft: Draft): CreateProject {
  const folder = draft.folder.trim()
  const build = draft.build.trim()
  const test = draft.test.trim()
  const budgetUsd = toBudget(draft.budget)
  return {
    name: draft.name.trim(),
    requirements: draft.requirements,
    ...(folder ? { workspacePath: folder } : {}),
    ...(build ? { buildCommand: build } : {}),
    ...(test ? { testCommand: test } : {}),
    ...(budgetUsd === undefined ? {} : { budgetUsd }),
  }
}

/** Where the next blank of a template stands, from a place on and around the end. */
export function findNextBlank(text: string, from: number): { start: number; end: number } | undefined {
  const places = findBlanks(text).flatMap((words) => {
    const after = text.indexOf(words, from)
    return [after >= 0 ? after : text.indexOf(words) + text.length].map((at) => ({
      at,
      length: words.length,
    }))
  })
  const next = places.toSorted((a, b) => a.at - b.at)[0]
  if (!next) return undefined
  const start = next.at % text.length
  return { start, end: start + next.length }
}

/** The field a server's complaint belongs to, judged by the names it mentions. */
export function fieldOf(message: string, details: Record<string, unknown> | undefined): Field | undefined {
  const named = typeof details?.field === "string" ? details.field : message
  if (/workspace|folder|path/i.test(named)) return "folder"
  if (/requirements|document/i.test(named)) return "requirements"
  if (/budget/i.test(named)) return "budget"
  if (/buildCommand|build command/i.test(named)) return "build"
  if (/testCommand|test command/i.test(named)) return "test"
  return /\bname\b/i.test(named) ? "name" : undefined
}

/** More of a heading is no name. */
const longestHeading = 500

/** A name for the project taken from its document: the first heading. */
export function suggestName(requirements: string): string {
  const heading = /^#\s+(\S.*)$/m.exec(requirements)?.[1] ?? ""
  if (findBlanks(heading).length > 0) return ""
  return heading
    .slice(0, longestHeading)
    .replace(/^(requirements|specification)( for)?/i, "")
    .trim()
    .replace(/^[:–—-]/, "")
    .replace(/(requirements|specification)$/i, "")
    .trim()
    .replace(/[:–—-]$/, "")
    .trim()
    .slice(0, 80)
}

function toBudget(text: string): number | undefined {
  const amount = text
    .trim()
    .replace(/^\$\s*/, "")
    .replace(",", ".")
  return /^\d+(\.\d+)?$/.test(amount) ? Number(amount) : undefined
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[a-z]:[\\/]/i.test(path) || path.startsWith("\\\\")
}

const maxDocumentBytes = 5_000_000

/** A file as a requirements document: Markdown or other plain text. */
export function readDocument(name: string, bytes: Uint8Array): { text: string } | { problem: string } {
  if (bytes.length > maxDocumentBytes)
    return { problem: `${name} is larger than 5 MB. Split it into several projects.` }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
    if (!text.includes("\0")) return { text }
  } catch {
    // Not UTF-8: said below.
  }
  return {
    problem: `${name} is not plain text. Save it as Markdown or as text in UTF-8, or paste its words here.`,
  }
}
