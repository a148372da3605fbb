/** Requirements documents: what counts as a requirement, and the number it keeps. */
import {
  AuraError,
  type CountDecision,
  maxRequirementsBytes,
  type Requirement,
  type RequirementsDocument,
  type RequirementsView,
  type Uncounted,
} from "@aura/core"
import { type Aura, timestamp } from "./aura.ts"
import { isCounted, type Statement } from "./documents/statements.ts"
import { createStatementReader } from "./statement-reader.ts"

const reader = createStatementReader()

export type Numbered = Pick<RequirementsDocument, "requirements" | "uncounted">

/** More is not kept of what does not count: it is there to be looked through. */
const mostUncounted = 500
const longestUncounted = 1000
const mostDecisions = 2000
const deepestNesting = 100

/**
 * Numbers the statements of a document R1…Rn. A statement labelled "R7: …" keeps its label, one that stood in
 * `previous` keeps its number, and every other takes the lowest free one.
 * @param decisions what people said counts or does not, whatever the document looks like
 */
export function number(
  statements: readonly Statement[],
  previous: readonly Requirement[] = [],
  decisions: readonly CountDecision[] = [],
): Numbered {
  const all = decide(statements, decisions)
  const counted = all.filter(isCounted)
  const taken = new Set<string>()
  const claim = (id: string | undefined) => {
    if (!id || taken.has(id)) return undefined
    taken.add(id)
    return id
  }
  const known = new Map(previous.map((requirement) => [requirement.text, requirement.id]))
  const labelled = counted.map(({ label }) => claim(label && /^R[1-9]\d*$/.test(label) ? label : undefined))
  const kept = counted.map((statement, i) => labelled[i] ?? claim(known.get(statement.text)))
  let next = 1
  const requirements = counted.map(({ text, line, label, verdict }, i): Requirement => {
    while (!kept[i] && taken.has(`R${next}`)) next++
    const id = kept[i] ?? claim(`R${next}`) ?? `R${next}`
    return {
      id,
      text,
      line,
      ...(label && label !== id ? { label } : {}),
      ...(verdict === "unsure" ? { unsure: true } : {}),
    }
  })
  return { requirements, uncounted: all.flatMap(toUncounted).slice(0, mostUncounted) }
}

function toUncounted({ text, line, verdict }: Statement): Uncounted[] {
  if (verdict === "counted" || verdict === "unsure") return []
  return [{ text: text.slice(0, longestUncounted), line, reason: verdict }]
}

function decide(statements: readonly Statement[], decisions: readonly CountDecision[]): readonly Statement[] {
  if (decisions.length === 0) return statements
  const decided = new Map(decisions.map(({ text, counts }) => [toKey(text), counts]))
  return statements.map((statement) => {
    const counts = decided.get(toKey(statement.text))
    if (counts === undefined) return statement
    return { ...statement, verdict: counts ? "counted" : "person" }
  })
}

/** The same words, however they are set. */
function toKey(text: string): string {
  const words = text.slice(0, longestUncounted).replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
  return words.trim().toLowerCase() || text.trim()
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
  if (isTooDeep(markdown)) {
    throw new AuraError(
      "bad_request",
      `The requirements are nested more than ${deepestNesting} levels deep. Flatten the document and try again.`,
    )
  }
  const statements = markdown.trim() === "" ? [] : await reader.read(markdown)
  if (!statements.some(isCounted)) {
    throw new AuraError(
      "bad_request",
      "The requirements are empty. Write at least one sentence that says what is wanted.",
    )
  }
  return statements
}

/** Quotes and list items within each other cost a parser more than their length. */
function isTooDeep(markdown: string): boolean {
  return markdown.split("\n").some((line) => {
    const markers = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/.exec(line)?.[0] ?? ""
    const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0
    return (
      markers.replace(/[ \t\d]/g, "").length > deepestNesting ||
      (markers !== "" && indent > 4 * deepestNesting)
    )
  })
}

export async function view(aura: Aura, projectId: string): Promise<RequirementsView> {
  const document = await current(aura, projectId)
  return {
    id: document.id,
    projectId,
    version: document.version,
    markdown: document.markdown,
    requirements: document.requirements,
    uncounted: document.uncounted,
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

/** Saves a new version; the same text again changes nothing. What people decided goes along. */
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
      ...number(statements, old.requirements, old.decisions),
      decisions: old.decisions,
      createdAt: timestamp(aura),
    }
    const updated = { ...project, documentId: document.id, updatedAt: timestamp(aura) }
    return { projectId, rows: { projects: [updated], documents: [document] } }
  })
  return await view(aura, projectId)
}

/** A person says that a statement counts, or that it does not; that holds for the versions to come as well. */
export async function decideCount(
  aura: Aura,
  projectId: string,
  { text, counts }: CountDecision,
): Promise<RequirementsView> {
  const decided = { text: text.slice(0, longestUncounted), counts }
  const seen = await current(aura, projectId)
  const statements = await reader.read(seen.markdown)
  if (!statements.some((one) => toKey(one.text) === toKey(text)))
    throw new AuraError("not_found", "The document does not say that any more.")
  await aura.store.commit("requirements.saved", async (rows) => {
    const project = await rows.get("projects", projectId)
    const old = project && (await rows.get("documents", project.documentId))
    if (!old) throw new AuraError("not_found", "There is no such project.")
    if (old.id !== seen.id) throw new AuraError("conflict", "The document was changed meanwhile. Look again.")
    const others = old.decisions.filter((one) => toKey(one.text) !== toKey(text))
    const decisions = [...others, decided].slice(-mostDecisions)
    const document = { ...old, decisions, ...number(statements, old.requirements, decisions) }
    if (document.requirements.length === 0)
      throw new AuraError("conflict", "It is the only requirement. A project needs at least one.")
    return { projectId, rows: { documents: [document] } }
  })
  return await view(aura, projectId)
}
