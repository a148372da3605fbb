/** Requirements documents: what counts as a requirement, and the number it keeps. */
import {
  AuraError,
  maxRequirementsBytes,
  type Requirement,
  type RequirementsDocument,
  type RequirementsView,
} from "@aura/core"
import { type Aura, timestamp } from "./aura.ts"
import { createStatementReader } from "./statement-reader.ts"
import { findStatements, type Statement } from "./statements.ts"

const reader = createStatementReader()

/**
 * Numbers the statements of a document R1…Rn. A statement is a list item, a table row, or a paragraph that
 * says what must be; a document with none of them is taken paragraph by paragraph.
 * A statement labelled "R7: …" keeps its label, one that stood in `previous` keeps its number, and every
 * other takes the lowest free one.
 */
export function number(markdown: string, previous: readonly Requirement[] = []): Requirement[] {
  return numberStatements(findStatements(markdown), previous)
}

/** The same for a document that was read already. */
export function numberStatements(
  statements: readonly Statement[],
  previous: readonly Requirement[] = [],
): Requirement[] {
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
 * Reads a document from outside, apart from the main thread and for a limited time.
 * @throws AuraError `bad_request` when there is nothing to work from or it cannot be read, `too_large` over 5 MB
 */
export async function read(markdown: string): Promise<Statement[]> {
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
  const statements = markdown.trim() === "" ? [] : await reader.read(markdown)
  if (statements.length === 0) {
    throw new AuraError(
      "bad_request",
      "The requirements are empty. Write at least one sentence that says what is wanted.",
    )
  }
  return statements
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
  const statements = await read(markdown)
  await aura.store.commit("requirements.saved", async (rows) => {
    const project = await rows.get("projects", projectId)
    const old = project && (await rows.get("documents", project.documentId))
    if (!project || !old) throw new AuraError("not_found", "There is no such project.")
    if (old.markdown === markdown) return undefined
    const document: RequirementsDocument = {
      id: aura.newId("document"),
      projectId,
      version: old.version + 1,
      markdown,
      requirements: numberStatements(statements, old.requirements),
      createdAt: timestamp(aura),
    }
    const updated = { ...project, documentId: document.id, updatedAt: timestamp(aura) }
    return { projectId, rows: { projects: [updated], documents: [document] } }
  })
  return await view(aura, projectId)
}
