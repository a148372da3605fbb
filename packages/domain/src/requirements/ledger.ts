/** How each requirement stands: read off its tasks, their evidence and what people waived. */
import type { Ledger, LedgerEntry, LedgerRow, RequirementState, Task, Waiver } from "@aura/core"
import type { Read } from "@aura/store"
import type { Aura } from "../aura.ts"
import { current, ledgerOf } from "./document.ts"

type Standing = { state: RequirementState; why: string | null }

export async function get(aura: Aura, projectId: string): Promise<Ledger> {
  const document = await current(aura, projectId)
  const tasks = await aura.store.list("tasks", { projectId })
  const waivers = await aura.store.list("waivers", { projectId })
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

/** Requirements that are neither proven nor waived, in the order of the document. */
export async function listOpen(aura: Aura, projectId: string): Promise<LedgerRow[]> {
  const { items } = await get(aura, projectId)
  return items.filter(({ state }) => !["proven", "waived", "closed"].includes(state))
}

function isAbout(waiver: Waiver, entry: LedgerEntry): boolean {
  return waiver.requirementId === entry.id && waiver.since === entry.since
}

export function judge(entry: LedgerEntry, tasks: readonly Task[], waiver: Waiver | null): Standing {
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
function provenVersion({ evidence }: Task, requirementId: string): number | undefined {
  if (!evidence) return undefined
  return evidence.requirements ? evidence.requirements[requirementId] : 1
}

/** For a task that begins: the wordings that it is told. */
export async function versionsFor(read: Read, task: Task): Promise<Record<string, number>> {
  const project = await read.get("projects", task.projectId)
  const document = project && (await read.get("documents", project.documentId))
  const known = new Map(document?.requirements.map(({ id, since = 1 }) => [id, since]))
  return Object.fromEntries(
    task.requirementIds.flatMap((id) => (known.has(id) ? [[id, known.get(id) ?? 1]] : [])),
  )
}

/** Done tasks whose evidence is about another wording than the present one, with words for whoever does them again. */
export function findOutdated(
  ledger: readonly LedgerEntry[],
  tasks: readonly Task[],
): { task: Task; lesson: string }[] {
  return tasks.flatMap((task) => {
    if (task.status !== "done") return []
    const changed = ledger.filter(({ id, since, closedIn }) => {
      const isNamed = closedIn === undefined && task.requirementIds.includes(id)
      const isProvenElsewhere = tasks.some((other) => provenVersion(other, id) === since)
      return isNamed && (provenVersion(task, id) ?? since) < since && !isProvenElsewhere
    })
    if (changed.length === 0) return []
    const lines = changed.map(
      ({ id, text, earlier }) => `${id} says now: "${text}". Before: "${earlier.at(-1)?.text ?? ""}".`,
    )
    return [{ task, lesson: `The requirements changed since this was done. ${lines.join(" ")}` }]
  })
}
