/** Requirements documents: what counts as a requirement, and the number it keeps. */
import {
  AuraError,
  maxRequirementsBytes,
  type Requirement,
  type RequirementsDocument,
  type RequirementsView,
} from "@aura/core"
import type { Nodes, RootContent } from "mdast"
import { fromMarkdown } from "mdast-util-from-markdown"
import { gfmTableFromMarkdown } from "mdast-util-gfm-table"
import { toString as toText } from "mdast-util-to-string"
import { gfmTable } from "micromark-extension-gfm-table"
import { type Aura, timestamp } from "./aura.ts"

type Statement = { text: string; line: number; label: string | undefined }

/**
 * Numbers the statements of a document R1…Rn. A statement is a list item, a table row, or a paragraph that
 * says what must be; a document with none of them is taken paragraph by paragraph.
 * A statement labelled "R7: …" keeps its label, one that stood in `previous` keeps its number, and every
 * other takes the lowest free one.
 */
export function number(markdown: string, previous: readonly Requirement[] = []): Requirement[] {
  const statements = findStatements(markdown)
  const taken = new Set<string>()
  const claim = (id: string | undefined) => {
    if (!id || taken.has(id)) return undefined
    taken.add(id)
    return id
  }
  const known = new Map(previous.map((requirement) => [requirement.text, requirement.id]))
  const labelled = statements.map((statement) => claim(statement.label))
  const kept = statements.map((statement, i) => labelled[i] ?? claim(known.get(statement.text)))
  let next = 1
  return statements.map((statement, i) => {
    while (!kept[i] && taken.has(`R${next}`)) next++
    const id = kept[i] ?? claim(`R${next}`) ?? `R${next}`
    return { id, text: statement.text, line: statement.line }
  })
}

/**
 * @throws AuraError `bad_request` when there is nothing to work from, `too_large` over 5 MB
 */
export function check(markdown: string): void {
  if (Buffer.byteLength(markdown) > maxRequirementsBytes) {
    throw new AuraError(
      "too_large",
      "The requirements are larger than 5 MB. Split them into several projects.",
    )
  }
  if (markdown.includes("\u0000") || markdown.includes("\ufffd")) {
    throw new AuraError(
      "bad_request",
      "The requirements are not UTF-8 text. Save the document as UTF-8 and try again.",
    )
  }
  if (markdown.trim() === "" || number(markdown).length === 0) {
    throw new AuraError(
      "bad_request",
      "The requirements are empty. Write at least one sentence that says what is wanted.",
    )
  }
}

export async function view(aura: Aura, projectId: string): Promise<RequirementsView> {
  const document = await current(aura, projectId)
  return {
    projectId,
    version: document.version,
    markdown: document.markdown,
    requirements: document.requirements,
    createdAt: document.createdAt,
  }
}

/** The current version of a project's document. */
export async function current(aura: Aura, projectId: string): Promise<RequirementsDocument> {
  const project = await aura.store.get("projects", projectId)
  const document = project && (await aura.store.get("documents", project.documentId))
  if (!document) throw new AuraError("not_found", "There is no such project.")
  return document
}

/** Saves a new version; the same text again changes nothing. */
export async function save(aura: Aura, projectId: string, markdown: string): Promise<RequirementsView> {
  check(markdown)
  await aura.store.commit("requirements.saved", async (read) => {
    const project = await read.get("projects", projectId)
    const old = project && (await read.get("documents", project.documentId))
    if (!project || !old) throw new AuraError("not_found", "There is no such project.")
    if (old.markdown === markdown) return undefined
    const document: RequirementsDocument = {
      id: aura.newId("document"),
      projectId,
      version: old.version + 1,
      markdown,
      requirements: number(markdown, old.requirements),
      createdAt: timestamp(aura),
    }
    const updated = { ...project, documentId: document.id, updatedAt: timestamp(aura) }
    return { projectId, rows: { projects: [updated], documents: [document] } }
  })
  return await view(aura, projectId)
}

const saysWhatMustBe = /\b(must|shall|should|will|may not|cannot|can|needs? to|has to|have to|is able to)\b/i

function findStatements(markdown: string): Statement[] {
  const root = fromMarkdown(markdown, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] })
  const found = root.children.flatMap((node) => fromBlock(node, (text) => saysWhatMustBe.test(text)))
  if (found.length > 0) return found
  const all = root.children.flatMap((node) => fromBlock(node, () => true))
  return all.length > 0 ? all : root.children.filter((node) => node.type === "heading").flatMap(toStatement)
}

function fromBlock(node: RootContent, isWanted: (text: string) => boolean): Statement[] {
  switch (node.type) {
    case "list":
      return node.children.flatMap((item) => [
        ...item.children
          .filter((child) => child.type === "paragraph")
          .slice(0, 1)
          .flatMap(toStatement),
        ...item.children
          .filter((child) => child.type === "list")
          .flatMap((child) => fromBlock(child, isWanted)),
      ])
    case "table":
      return node.children.slice(1).flatMap((row) => {
        const text = row.children
          .map((cell) => toText(cell).trim())
          .filter(Boolean)
          .join(" | ")
        return build(text, row.position?.start.line)
      })
    case "blockquote":
      return node.children.flatMap((child) => fromBlock(child, isWanted))
    case "paragraph":
      return isWanted(toText(node)) ? toStatement(node) : []
    default:
      return []
  }
}

function toStatement(node: Nodes): Statement[] {
  return build(toText(node), node.position?.start.line)
}

function build(raw: string, line = 1): Statement[] {
  const text = raw
    .replace(/\s+/g, " ")
    .replace(/^\[[ xX]\] /, "")
    .trim()
  if (text === "") return []
  const label = /^\[?(R[1-9]\d*)\]?[\s:.)–—-]/.exec(text)?.[1]
  return [{ text, line, label }]
}
