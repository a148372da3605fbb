/** The numbers of a document's statements: R1…Rn, kept through its versions. Pure. */
import type {
  CountDecision,
  IdentityDecision,
  LedgerEntry,
  Requirement,
  RequirementsDocument,
  Uncounted,
} from "@aura/core"
import { isCounted, type Statement } from "../documents/statements.ts"
import { identify, type Match, toKey as toIdentityKey } from "./identity.ts"

export type Numbered = Pick<RequirementsDocument, "requirements" | "uncounted" | "ledger">

/** More is not kept of what does not count: it is there to be looked through. */
const maxUncounted = 500
export const longestUncounted = 1000
const maxEarlier = 50

export type Numbering = {
  version: number
  ledger: readonly LedgerEntry[]
  decisions: readonly CountDecision[]
  identities?: readonly IdentityDecision[]
}

/**
 * Numbers the statements of a document, R1…Rn in its first version; a later version keeps the number of each statement
 * that it still has, and never gives it to another.
 * @param of.decisions what people said counts or does not, whatever the document looks like
 */
export function number(statements: readonly Statement[], of: Numbering = first): Numbered {
  const all = decide(statements, of.decisions)
  const identified = new Set(of.identities?.map(({ text }) => toIdentityKey(text)))
  const counted = all.filter(isCounted)
  const matches = identify(counted, of.ledger, of.identities)
  const ledger = new Map(of.ledger.map((entry) => [entry.id, close(entry, of.version)]))
  const requirements = counted.map(({ text, line, label, verdict }, i): Requirement => {
    const { id, change, doubt } = matches[i] ?? { id: "R0", change: "new" }
    const old = of.ledger.find((entry) => entry.id === id)
    const isDecided = identified.has(toIdentityKey(text))
    // What nobody decided stays open through edits of other statements.
    const open = isDecided ? undefined : change === "none" || change === "typo" ? old?.doubt : doubt
    const entry = {
      ...toEntry({ id, text, label, change, version: of.version }, old),
      ...(open === undefined ? {} : { doubt: open }),
    }
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
  return { requirements, uncounted, ledger: [...ledger.values()].map((entry) => settleDoubt(entry, ledger)) }
}

/** A statement is no rewording of one that the document says still, or again. */
function settleDoubt(entry: LedgerEntry, ledger: ReadonlyMap<string, LedgerEntry>): LedgerEntry {
  const { doubt, ...rest } = entry
  const isOver = doubt === undefined || entry.closedIn !== undefined
  const isTaken = doubt !== entry.id && ledger.get(doubt ?? "")?.closedIn === undefined
  return isOver || isTaken ? rest : entry
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
export function toKey(text: string): string {
  const words = text.slice(0, longestUncounted).replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
  return words.trim().toLowerCase() || text.trim()
}
