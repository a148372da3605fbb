/** What a change of the document does to the plan, before it is made: which tasks, and for how much. */
import {
  type DocumentChange,
  isOpen,
  ledgerOf,
  type Replan,
  type RequirementsDocument,
  type Task,
  toLedger,
  type Waiver,
} from "@aura/core"
import type { Aura } from "../aura.ts"
import { get as getSettings } from "../settings.ts"
import { findNeedless } from "../tasks/outdated.ts"
import { current } from "./document.ts"
import { findOutdated } from "./ledger.ts"
import { leaveOut, nextVersion, read } from "./requirements.ts"

/** What decides how much work a task is. */
export type Sized = Pick<Task, "description" | "checks" | "requirementIds">

/**
 * @param priceOf what tasks are likely to cost; null = nobody knows
 * @throws AuraError as saving the change does
 */
export async function preview(
  aura: Aura,
  projectId: string,
  change: DocumentChange,
  priceOf: (tasks: readonly Sized[]) => Promise<number | null>,
): Promise<Replan> {
  const statements = await read(change.markdown)
  const old = await current(aura, projectId)
  const next = nextVersion(aura, old, statements, change) ?? old
  const tasks = await aura.store.list("tasks", { projectId })
  const left = leaveOut(aura, next, change.leaveOut ?? [], "")
  const waivers = [...(await aura.store.list("waivers", { projectId })), ...left]
  const outdated = findOutdated(ledgerOf(next), tasks, waivers)
  const closed = findNeedless(ledgerOf(next), tasks)
  const planned = findPlanned(next, tasks, waivers)
  const going = new Set([...outdated.map(({ task }) => task.id), ...closed.map(({ id }) => id)])
  const texts = new Map(next.requirements.map(({ id, text }) => [id, text]))
  const toNamed = (requirementId: string) => ({ requirementId, text: texts.get(requirementId) ?? "" })
  return {
    basedOn: old.version,
    kept: tasks.filter(({ id }) => !going.has(id)).map(toRef),
    reopened: outdated.map(({ task, requirementIds, lesson }) => ({
      ...toRef(task),
      requirementIds,
      why: lesson,
    })),
    closed: closed.map(toRef),
    planned: planned.map(toNamed),
    leftOut: left.map(({ requirementId }) => toNamed(requirementId)),
    doubts: findDoubts(old, next),
    projection: await project(
      aura,
      projectId,
      [...outdated.map(({ task }) => task), ...imagine(tasks, planned)],
      priceOf,
    ),
  }
}

/** Requirements that no task names and nobody waived; before the first plan none is missing. */
function findPlanned(
  next: RequirementsDocument,
  tasks: readonly Task[],
  waivers: readonly Waiver[],
): string[] {
  if (tasks.length === 0) return []
  const { items } = toLedger(next, tasks, waivers)
  return items.filter((row) => isOpen(row) && row.taskIds.length === 0).map(({ id }) => id)
}

/** Those that this change raises. */
function findDoubts(old: RequirementsDocument, next: RequirementsDocument): Replan["doubts"] {
  const before = new Map(ledgerOf(old).map((entry) => [entry.id, entry.text]))
  return ledgerOf(next).flatMap(({ id, text, since, doubt }) =>
    doubt === undefined || since !== next.version || next === old
      ? []
      : [{ requirementId: id, text, of: doubt, before: before.get(doubt) ?? "" }],
  )
}

/** A requirement gets as many tasks as those of this project have on average, each of the usual size. */
function imagine(tasks: readonly Task[], planned: readonly string[]): Sized[] {
  const covered = new Set(tasks.flatMap(({ requirementIds }) => requirementIds)).size
  const perRequirement = covered === 0 ? 1 : Math.max(1, tasks.length / covered)
  const bySize = tasks.toSorted((a, b) => a.description.length - b.description.length)
  const usual = bySize[Math.floor(bySize.length / 2)]
  if (!usual) return []
  return Array.from({ length: Math.ceil(planned.length * perRequirement) }, () => usual)
}

async function project(
  aura: Aura,
  projectId: string,
  tasks: readonly Sized[],
  priceOf: (tasks: readonly Sized[]) => Promise<number | null>,
): Promise<Replan["projection"]> {
  const costUsd = tasks.length === 0 ? 0 : await priceOf(tasks)
  const row = await aura.store.get("projects", projectId)
  const limit = row?.budgetUsd ?? (await getSettings(aura)).budgetUsd
  const leftUsd = limit === null ? null : limit - (row?.usage.costUsd ?? 0)
  return { tasks: tasks.length, costUsd, leftUsd, fits: !costUsd || leftUsd === null || costUsd <= leftUsd }
}

function toRef({ id, title }: Task) {
  return { id, title }
}
