/**
 * How each requirement stands: read off its tasks, their evidence and what people waived. Pure, so that the server's
 * ledger and the board on screen are one.
 */
import type { Ledger, LedgerRow, RequirementState } from "./ledger.ts"
import type { LedgerEntry, RequirementsDocument } from "./project.ts"
import type { Task } from "./task.ts"
import type { Waiver } from "./waiver.ts"

/** The state of a requirement, as people read it. */
export const stateWords: Readonly<Record<RequirementState, string>> = {
  proven: "proven",
  unproven: "unproven",
  in_work: "in work",
  broken: "broken",
  waived: "waived",
  closed: "closed",
}

type Standing = { state: RequirementState; why: string | null }
type Said = Pick<RequirementsDocument, "version" | "requirements" | "ledger">

export function toLedger(document: Said, tasks: readonly Task[], waivers: readonly Waiver[]): Ledger {
  const lines = new Map(document.requirements.map((row) => [row.id, row]))
  const rows = ledgerOf(document).map((entry): LedgerRow => {
    const row = lines.get(entry.id)
    const waiver = waivers.find((one) => isAbout(one, entry)) ?? null
    return {
      ...entry,
      ...judge(entry, tasks, waiver),
      line: row?.line ?? null,
      unsure: row?.unsure ?? false,
      taskIds: tasks.filter(({ requirementIds }) => requirementIds.includes(entry.id)).map(({ id }) => id),
      waiver,
    }
  })
  const items = rows.toSorted(
    (a, b) => (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER),
  )
  const counts = { proven: 0, unproven: 0, in_work: 0, broken: 0, waived: 0, closed: 0 }
  for (const { state } of rows) counts[state]++
  return { version: document.version, items, counts }
}

/** True for a requirement that is neither proven nor waived. */
export function isOpen({ state }: Pick<LedgerRow, "state">): boolean {
  return state !== "proven" && state !== "waived" && state !== "closed"
}

/** Documents that were stored before there was a ledger have none. */
export function ledgerOf({ ledger, requirements }: Omit<Said, "version">): LedgerEntry[] {
  if (ledger.length > 0) return ledger
  return requirements.map(({ id, text, label, since = 1 }) => ({
    id,
    text,
    ...(label === undefined ? {} : { label }),
    since,
    earlier: [],
  }))
}

function isAbout(waiver: Waiver, entry: LedgerEntry): boolean {
  return waiver.requirementId === entry.id && waiver.since === entry.since
}

function judge(entry: LedgerEntry, tasks: readonly Task[], waiver: Waiver | null): Standing {
  if (entry.closedIn !== undefined)
    return { state: "closed", why: `Version ${entry.closedIn} of the document does not say it any more.` }
  const named = tasks.filter(({ requirementIds }) => requirementIds.includes(entry.id))
  if (isProven(entry, named)) return { state: "proven", why: null }
  if (waiver) return { state: "waived", why: waiver.reason }
  if (named.length === 0) return { state: "unproven", why: "No task is made for it." }
  const working = named.find(({ status }) => status === "in_progress")
  if (working) return { state: "in_work", why: `"${working.title}" is being worked on.` }
  const lost = named.find((task) => isLost(task))
  if (lost) return { state: "broken", why: `The commit of "${lost.title}" is no longer on the branch.` }
  const bad = named.find(({ status }) => status === "failed" || status === "blocked")
  if (bad) return { state: "broken", why: `"${bad.title}" is ${bad.status}.` }
  const open = named.filter(({ status }) => status !== "done")
  if (open.length > 0)
    return { state: "unproven", why: `Not done yet: ${open.map(({ title }) => `"${title}"`).join(", ")}.` }
  return { state: "broken", why: "It was proven as it was said before." }
}

function isProven(entry: LedgerEntry, named: readonly Task[]): boolean {
  return (
    named.length > 0 &&
    named.every((task) => task.status === "done" && !isLost(task)) &&
    named.some((task) => provenVersion(task, entry.id) === entry.since)
  )
}

function isLost({ missingCommit }: Task): boolean {
  return missingCommit !== undefined && missingCommit.waivedAt === undefined
}

/** The wording that a task's evidence is about; evidence from before there was a ledger is about the first one. */
export function provenVersion({ evidence }: Task, requirementId: string): number | undefined {
  if (!evidence) return undefined
  return evidence.requirements ? evidence.requirements[requirementId] : 1
}
