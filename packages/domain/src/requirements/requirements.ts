/** Requirements documents: what counts as a requirement, and the number it keeps. */
import {
  AuraError,
  type CountDecision,
  type DocumentChange,
  type IdentityDecision,
  type LedgerEntry,
  ledgerOf,
  maxRequirementsBytes,
  type RequirementsDocument,
  type RequirementsView,
  type Waiver,
} from "@aura/core"
import { type Aura, timestamp } from "../aura.ts"
import { type Caller, nameOf, refuseAgents } from "../caller.ts"
import { isCounted, type Statement } from "../documents/statements.ts"
import { createStatementReader } from "../statement-reader.ts"
import { settleDocument } from "../tasks/outdated.ts"
import { current } from "./document.ts"
import { toKey as toIdentityKey } from "./identity.ts"
import { longestUncounted, number, toKey } from "./numbering.ts"

export { current } from "./document.ts"
export { type Numbered, number } from "./numbering.ts"

const reader = createStatementReader()
const maxDecisions = 2000
const deepestNesting = 100

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

/** The version after `old`; undefined for the same text again. What people decided goes along. */
export function nextVersion(
  aura: Aura,
  old: RequirementsDocument,
  statements: readonly Statement[],
  { markdown, identities: said = [], basedOn }: DocumentChange,
): RequirementsDocument | undefined {
  if (basedOn !== undefined && basedOn !== old.version)
    throw new AuraError("conflict", "The document was changed meanwhile. Look again.")
  if (old.markdown === markdown) return undefined
  const { decisions } = old
  const identities = joinIdentities(old.identities, said)
  const version = old.version + 1
  return {
    id: aura.newId("document"),
    projectId: old.projectId,
    version,
    markdown,
    ...number(statements, { version, ledger: ledgerOf(old), decisions, identities }),
    decisions,
    identities,
    createdAt: timestamp(aura),
  }
}

function joinIdentities(
  before: readonly IdentityDecision[],
  said: readonly IdentityDecision[],
): IdentityDecision[] {
  const keys = new Set(said.map(({ text }) => toIdentityKey(text)))
  return [...before.filter(({ text }) => !keys.has(toIdentityKey(text))), ...said].slice(-maxDecisions)
}

/**
 * Saves a new version; the same text again changes nothing.
 * @param caller who leaves requirements out of it
 * @throws AuraError `forbidden` for an agent
 */
export async function save(
  aura: Aura,
  caller: Caller,
  projectId: string,
  change: DocumentChange,
): Promise<RequirementsView> {
  refuseAgents(caller, "change the requirements")
  const statements = await read(change.markdown)
  await aura.store.commit("requirements.saved", async (rows) => {
    const project = await rows.get("projects", projectId)
    const old = project && (await rows.get("documents", project.documentId))
    if (!project || !old) throw new AuraError("not_found", "There is no such project.")
    const document = nextVersion(aura, old, statements, change)
    if (!document) return undefined
    const updated = { ...project, documentId: document.id, updatedAt: timestamp(aura) }
    const waivers = leaveOut(aura, document, change.leaveOut ?? [], nameOf(caller))
    return { projectId, rows: { projects: [updated], documents: [document], waivers } }
  })
  await settle(aura, projectId)
  return await view(aura, projectId)
}

/** Nothing is done about them in this version of the document. */
export function leaveOut(
  aura: Aura,
  { projectId, version, requirements }: RequirementsDocument,
  ids: readonly string[],
  by: string,
): Waiver[] {
  return [...new Set(ids)].map((requirementId) => {
    const requirement = requirements.find(({ id }) => id === requirementId)
    if (!requirement)
      throw new AuraError("not_found", `The document has no requirement ${requirementId} to leave out.`)
    const { since = 1 } = requirement
    const reason = `Left out of the plan when version ${version} of the document was saved.`
    return {
      id: aura.newId("waiver"),
      projectId,
      requirementId,
      since,
      reason,
      by,
      createdAt: timestamp(aura),
    }
  })
}

/** Brings the tasks up to the document, see `settleDocument`. */
export async function settle(aura: Aura, projectId: string): ReturnType<typeof settleDocument> {
  return await settleDocument(aura, projectId, ledgerOf(await current(aura, projectId)))
}

/** A person says that a statement counts, or that it does not; that holds for the versions to come as well. */
export async function decideCount(
  aura: Aura,
  caller: Caller,
  projectId: string,
  { text, counts }: CountDecision,
): Promise<RequirementsView> {
  refuseAgents(caller, "decide what counts as a requirement")
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
    const { version, identities } = old
    const of = { version, ledger: ledgerOf(old), decisions, identities }
    const document = { ...old, decisions, ...number(statements, of) }
    if (document.requirements.length === 0)
      throw new AuraError("conflict", "It is the only requirement. A project needs at least one.")
    return { projectId, rows: { documents: [document] } }
  })
  return await view(aura, projectId)
}

/**
 * A person says which requirement a statement is. One that becomes another makes a new version of the document, so that
 * no number ever means two wordings at the same version; a number that is not used any more is closed.
 * @throws AuraError `not_found`, `conflict` when the requirement is said elsewhere in the document
 */
export async function decideIdentity(
  aura: Aura,
  caller: Caller,
  projectId: string,
  decision: IdentityDecision,
): Promise<RequirementsView> {
  refuseAgents(caller, "decide which requirement a statement is")
  const seen = await current(aura, projectId)
  const key = toIdentityKey(decision.text)
  const row = seen.requirements.find(({ text }) => toIdentityKey(text) === key)
  if (!row) throw new AuraError("not_found", "The document does not say that any more.")
  const wanted = ledgerOf(seen).find(({ id }) => id === decision.is)
  if (decision.is !== "new" && !wanted)
    throw new AuraError("not_found", `There never was a requirement ${decision.is}.`)
  if (wanted && wanted.id !== row.id && wanted.closedIn === undefined)
    throw new AuraError("conflict", `${wanted.id} stands elsewhere in the document: "${wanted.text}".`)
  const statements = await reader.read(seen.markdown)
  await aura.store.commit("requirements.saved", async (rows) => {
    const project = await rows.get("projects", projectId)
    const old = project && (await rows.get("documents", project.documentId))
    if (!old || old.id !== seen.id)
      throw new AuraError("conflict", "The document was changed meanwhile. Look again.")
    const document = identified(aura, old, statements, { decision, id: row.id })
    const updated = { ...project, documentId: document.id, updatedAt: timestamp(aura) }
    return { projectId, rows: { projects: [updated], documents: [document] } }
  })
  await settle(aura, projectId)
  return await view(aura, projectId)
}

function identified(
  aura: Aura,
  old: RequirementsDocument,
  statements: readonly Statement[],
  { decision, id }: { decision: IdentityDecision; id: string },
): RequirementsDocument {
  const identities = joinIdentities(old.identities, [decision])
  const { decisions } = old
  const said = ledgerOf(old).find((entry) => entry.id === id)
  const isSame = decision.is === id || (decision.is === "new" && said?.doubt !== id)
  const version = isSame ? old.version : old.version + 1
  const ledger = ledgerOf(old).map((entry) => (entry.id === id && !isSame ? withoutLast(entry) : entry))
  const numbered = number(statements, { version, ledger, decisions, identities })
  if (isSame) return { ...old, identities, ...numbered }
  return { ...old, id: aura.newId("document"), version, identities, ...numbered, createdAt: timestamp(aura) }
}

/** As it was said before its last rewording, which was none. */
function withoutLast(entry: LedgerEntry): LedgerEntry {
  const before = entry.earlier.at(-1)
  return before ? { ...entry, ...before, earlier: entry.earlier.slice(0, -1) } : entry
}
