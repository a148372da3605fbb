/** How the requirements of a project stand, and which tasks their wordings concern. */
import {
  isOpen,
  type Ledger,
  type LedgerEntry,
  type LedgerRow,
  provenVersion,
  type Task,
  toLedger,
  type Waiver,
} from "@aura/core"
import type { Read } from "@aura/store"
import type { Aura } from "../aura.ts"
import { current } from "./document.ts"

export async function get(aura: Aura, projectId: string): Promise<Ledger> {
  return toLedger(
    await current(aura, projectId),
    await aura.store.list("tasks", { projectId }),
    await aura.store.list("waivers", { projectId }),
  )
}

/** Requirements that are neither proven nor waived, in the order of the document. */
export async function listOpen(aura: Aura, projectId: string): Promise<LedgerRow[]> {
  return (await get(aura, projectId)).items.filter(isOpen)
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
  waivers: readonly Pick<Waiver, "requirementId" | "since">[],
): { task: Task; requirementIds: string[]; lesson: string }[] {
  const isWaived = (id: string, since: number) =>
    waivers.some((one) => one.requirementId === id && one.since === since)
  return tasks.flatMap((task) => {
    if (task.status !== "done") return []
    const changed = ledger.filter(({ id, since, closedIn }) => {
      const isNamed = closedIn === undefined && task.requirementIds.includes(id) && !isWaived(id, since)
      const isProvenElsewhere = tasks.some((other) => provenVersion(other, id) === since)
      return isNamed && (provenVersion(task, id) ?? since) < since && !isProvenElsewhere
    })
    if (changed.length === 0) return []
    const lines = changed.map(
      ({ id, text, earlier }) => `${id} says now: "${text}". Before: "${earlier.at(-1)?.text ?? ""}".`,
    )
    const requirementIds = changed.map(({ id }) => id)
    return [
      { task, requirementIds, lesson: `The requirements changed since this was done. ${lines.join(" ")}` },
    ]
  })
}
