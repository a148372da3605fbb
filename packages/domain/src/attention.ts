/** What needs a person, over all projects: questions, tasks that came to nothing, runs that stand still, failed plans. */
import {
  type Ask,
  type Attention,
  isPlanning,
  type Loop,
  type Plan,
  type Project,
  type Task,
} from "@aura/core"
import * as asks from "./asks.ts"
import type { Aura } from "./aura.ts"
import * as ledger from "./requirements/ledger.ts"
import { isMissing } from "./tasks/missing.ts"

/** The newest first. */
export async function list(aura: Aura): Promise<Attention[]> {
  const [projects, open, failed, blocked] = await Promise.all([
    aura.store.list("projects"),
    aura.store.list("asks", { status: "open" }),
    aura.store.list("tasks", { status: "failed" }),
    aura.store.list("tasks", { status: "blocked" }),
  ])
  const active = projects.filter((project) => project.status === "active")
  const found = await Promise.all(
    active.map((project) => {
      const isOwn = ({ projectId }: { projectId: string }) => projectId === project.id
      const tasks = [...failed, ...blocked].filter(isOwn).toSorted((a, b) => (a.id < b.id ? -1 : 1))
      return ofProject(aura, project, open.filter(isOwn), tasks)
    }),
  )
  return found.flat().toSorted((a, b) => (a.at < b.at ? 1 : -1))
}

/** @param tasks those that came to nothing */
async function ofProject(
  aura: Aura,
  project: Project,
  open: readonly Ask[],
  tasks: readonly Task[],
): Promise<Attention[]> {
  const of = { projectId: project.id }
  const [[loop], plans] = await Promise.all([
    aura.store.list("loops", of, { limit: 1, reverse: true }),
    aura.store.list("plans", of),
  ])
  // A task that waits for an answer is told once, as its question.
  const others = tasks.filter((task) => !open.some((ask) => ask.taskId === task.id))
  // What happens beside the plan is told where it was asked for: nothing waits for it.
  const plan = plans.findLast(isPlanning)
  const left = loop?.outcome === "unproven" ? (await ledger.listOpen(aura, project.id)).length : 0
  const found = [
    ...open.map(ofAsk),
    ...others.flatMap(ofTask),
    ...(loop ? ofLoop(loop, left) : []),
    ...ofPlan(plan, loop),
  ]
  return found.map((item) => ({ hosts: [], ...item, ...of, projectName: project.name }))
}

type Found = Omit<Attention, "projectId" | "projectName" | "hosts"> & Partial<Pick<Attention, "hosts">>

function ofAsk(ask: Ask): Found {
  const { id, taskId, question, detail, hosts, change, createdAt } = ask
  const reasoned = asks.needsReason(ask) ? { needsReason: true } : {}
  const of = {
    id,
    kind: "ask",
    taskId,
    title: question,
    reason: detail,
    hosts,
    at: createdAt,
    ...reasoned,
  } as const
  return change ? { ...of, change } : of
}

function ofTask(task: Task): Found[] {
  if (task.status !== "failed" && task.status !== "blocked") return []
  const at = task.finishedAt ?? task.startedAt ?? task.createdAt
  const reason = task.failure ?? "No reason was given."
  const found = { id: task.id, kind: task.status, taskId: task.id, title: task.title, reason, at }
  return [isMissing(task) ? { ...found, isCommitMissing: true } : found]
}

/**
 * A run that stopped because of failed tasks is told by its tasks.
 * @param left requirements that are neither proven nor waived by now
 */
function ofLoop(loop: Loop, left: number): Found[] {
  const common = { id: loop.id, taskId: loop.taskId, at: loop.finishedAt ?? loop.startedAt }
  if (loop.waiting)
    return [{ ...common, kind: "waiting", title: "The run is waiting", reason: loop.waiting.reason }]
  if (loop.outcome === "unproven")
    return left > 0
      ? [{ ...common, kind: "ended", title: "Not every requirement is proven", reason: loop.reason ?? "" }]
      : []
  const ends = {
    budget: "The budget is reached",
    provider: "The provider refuses",
    refused: "The folder cannot be worked in",
    error: "The run ended by a fault",
  }
  const { outcome } = loop
  if (outcome !== "budget" && outcome !== "provider" && outcome !== "refused" && outcome !== "error")
    return []
  return [{ ...common, kind: "ended", title: ends[outcome], reason: loop.reason ?? "" }]
}

function ofPlan(plan: Plan | undefined, loop: Loop | undefined): Found[] {
  if (plan?.status !== "failed" || (loop && loop.startedAt > plan.startedAt)) return []
  const title = "Planning did not finish"
  return [
    {
      id: plan.id,
      kind: "plan",
      taskId: null,
      title,
      reason: plan.reason ?? "",
      at: plan.finishedAt ?? plan.startedAt,
    },
  ]
}
