/** Requirements documents: what counts as a requirement, and the number it keeps. */
import {
  AuraError,
  type CountDecision,
  type LedgerEntry,
  ledgerOf,
  maxRequirementsBytes,
  type Requirement,
  type RequirementsDocument,
  type RequirementsView,
  type Uncounted,
} from "@aura/core"
import { type Aura, timestamp } from "../aura.ts"
import { isCounted, type Statement } from "../documents/statements.ts"
import { createStatementReader } from "../statement-reader.ts"
import { settleDocument } from "../tasks/outdated.ts"
import { current } from "./document.ts"
import { identify, type Match } from "./identity.ts"

export { current } from "./document.ts"

const reader = createStatementReader()

export type Numbered = Pick<RequirementsDocument, "requirements" | "uncounted" | "ledger">

/** More is not kept of what does not count: it is there to be looked through. */
const maxUncounted = 500
const longestUncounted = 1000
const maxDecisions = 2000
const maxEarlier = 50
const deepestNesting = 100

/**
 * Numbers the statements of a document, R1…Rn in its first version; a later version keeps the number of each statement
 * that it still has, and never gives it to another.
 * @param of.decisions what people said counts or does not, whatever the document looks like
 */
export function number(
  statements: readonly Statement[],
  of: { version: number; ledger: readonly LedgerEntry[]; decisions: readonly CountDecision[] } = first,
): Numbered {
  const all = decide(statements, of.decisions)
  const counted = all.filter(isCounted)
  const matches = identify(counted, of.ledger)
  const ledger = new Map(of.ledger.map((entry) => [entry.id, close(entry, of.version)]))
  const requirements = counted.map(({ text, line, label, verdict }, i): Requirement => {
    const { id, change } = matches[i] ?? { id: "R0", change: "new" }
    const old = of.ledger.find((entry) => entry.id === id)
    const entry = toEntry({ id, text, label, change, version: of.version }, old)
    ledger.set(id, entry)
    return {
      id,
      text,
      line,
      ...(label && label !== id ? { label } : {}),
      ...(verdict === "unsure" ? { unsure: true } : {}),
      since: entry.since,
    }
  })
  const uncounted = all.flatMap(toUncounted).slice(0, maxUncounted)
  return { requirements, uncounted, ledger: [...ledger.values()] }
}

const first = { version: 1, ledger: [], decisions: [] }

function close(entry: LedgerEntry, version: number): LedgerEntry {
  return entry.closedIn === undefined ? { ...entry, closedIn: version } : entry
}

function toEntry(
  now: { id: string; text: string; label: string | undefined; change: Match["change"]; version: number },
  old: LedgerEntry | undefined,
): LedgerEntry {
  const { id, text, label, change, version } = now
  const named = label === undefined || label === id ? {} : { label }
  if (!old) return { id, text, ...named, since: version, earlier: [] }
  if (change !== "reworded") return { id, text, ...named, since: old.since, earlier: old.earlier }
  const earlier = [...old.earlier, { text: old.text, since: old.since }].slice(-maxEarlier)
  return { id, text, ...named, since: version, earlier }
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
    ledger: ledgerOf(document),
    createdAt: document.createdAt,
  }
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
      ...number(statements, {
        version: old.version + 1,
        ledger: ledgerOf(old),
        decisions: old.decisions,
      }),
      decisions: old.decisions,
      createdAt: timestamp(aura),
    }
    const updated = { ...project, documentId: document.id, updatedAt: timestamp(aura) }
    return { projectId, rows: { projects: [updated], documents: [document] } }
  })
  await settle(aura, projectId)
  return await view(aura, projectId)
}

/** Brings the tasks up to the document, see `settleDocument`. */
export async function settle(aura: Aura, projectId: string): ReturnType<typeof settleDocument> {
  return await settleDocument(aura, projectId, ledgerOf(await current(aura, projectId)))
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
    const decisions = [...others, decided].slice(-maxDecisions)
    const of = { version: old.version, ledger: ledgerOf(old), decisions }
    const document = { ...old, decisions, ...number(statements, of) }
    if (document.requirements.length === 0)
      throw new AuraError("conflict", "It is the only requirement. A project needs at least one.")
    return { projectId, rows: { documents: [document] } }
  })
  return await view(aura, projectId)
}
