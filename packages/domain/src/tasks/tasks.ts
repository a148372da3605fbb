/** Tasks: the concrete units of work, made from specs, edited by people. Their life is in `life.ts`. */
import { AuraError, type CreateTask, noUsage, type Plan, type Task, type UpdateTask } from "@aura/core"
import type { Read } from "@aura/store"
import { type Aura, timestamp } from "../aura.ts"
import { type Caller, refuseAgents } from "../caller.ts"
import * as plans from "../plans.ts"
import { countsAsProof } from "./counts-as-proof.ts"
import { type ResolvedDraft, resolve, type TaskDraft } from "./graph.ts"
import { reorder } from "./life.ts"

export {
  type Claimed,
  claimNext,
  endAttempt,
  finishFailed,
  prove,
  recordCommit,
  recover,
  release,
  setBase,
} from "./claim.ts"
export { countsAsProof, findHarmless } from "./counts-as-proof.ts"
export type { TaskDraft } from "./graph.ts"
export {
  accept,
  type FollowUp,
  finishDone,
  followUpRoom,
  refuseUnlessReady,
  retry,
  transition,
} from "./life.ts"
export { isMissing, mustMiss, type Standing, settle, waive, withCommit } from "./missing.ts"
export { settleDocument } from "./outdated.ts"
export { merge, split } from "./reshape.ts"

export async function list(aura: Aura, projectId: string): Promise<Task[]> {
  const tasks = await aura.store.list("tasks", { projectId })
  return tasks.toSorted((a, b) => a.order - b.order)
}

/** @throws AuraError `not_found` */
export async function get(aura: Aura, projectId: string, id: string): Promise<Task> {
  const task = await aura.store.get("tasks", id)
  if (task?.projectId !== projectId) throw new AuraError("not_found", "There is no such task.")
  return task
}

/** What is wrong with a plan, in sentences the model can act on; empty when it is sound. */
export async function findProblems(
  aura: Aura,
  projectId: string,
  drafts: readonly TaskDraft[],
  keepsAll = false,
): Promise<string[]> {
  return (await resolveIn(aura, aura.store, projectId, drafts, keepsAll)).problems
}

/**
 * Swaps all tasks that are not done for the new ones in one commit and ends the plan.
 * @throws AuraError `bad_request` with the problems; nothing is stored then
 */
export async function replace(aura: Aura, plan: Plan, drafts: readonly TaskDraft[]): Promise<void> {
  const { projectId } = plan
  await aura.store.commit("tasks.extracted", async (read) => {
    const running = await read.get("plans", plan.id)
    if (running?.status !== "running") return undefined
    const isPart = running.requirementIds !== undefined
    const { tasks: resolved, problems, kept } = await resolveIn(aura, read, projectId, drafts, isPart)
    if (problems.length > 0) throw new AuraError("bad_request", problems.join(" "))
    const done = new Set(kept.flatMap(({ id, status }) => (status === "done" ? [id] : [])))
    const fresh = resolved.map((draft) => toTask(aura, projectId, draft, done))
    const old = await read.list("tasks", { projectId })
    return {
      projectId,
      rows: {
        tasks: reorder([...kept.map((task, i) => ({ ...task, order: i - kept.length })), ...fresh]),
        plans: [plans.finished(aura, running)],
      },
      removed: {
        tasks: isPart ? [] : old.filter((task) => task.status !== "done").map((task) => task.id),
      },
    }
  })
}

export async function create(aura: Aura, projectId: string, input: CreateTask): Promise<Task> {
  const id = aura.newId("task")
  await aura.store.commit("task.created", async (read) => {
    const tasks = await read.list("tasks", { projectId })
    const spec = await read.get("specs", input.specId)
    if (spec?.projectId !== projectId)
      throw new AuraError("bad_request", "A task needs a spec of its project.")
    const parent = input.parentTaskId
    if (parent && !tasks.some((task) => task.id === parent))
      throw new AuraError("bad_request", "The parent task does not exist.")
    const dependsOn = input.dependsOn ?? []
    const task: Task = {
      id,
      projectId,
      specId: input.specId,
      title: input.title,
      description: input.description,
      status: isFree(dependsOn, tasks) ? "ready" : "pending",
      order: tasks.length + 1,
      dependsOn,
      ...(parent ? { parentTaskId: parent } : {}),
      requirementIds: input.requirementIds ?? [],
      checks: input.checks ?? [],
      attempts: 0,
      lessons: [],
      filesChanged: [],
      usage: noUsage,
      createdAt: timestamp(aura),
    }
    return { projectId, rows: { tasks: checkedOrder([...tasks, task]) } }
  })
  return await get(aura, projectId, id)
}

/**
 * @throws AuraError `forbidden` for an agent that changes what counts as proof, `conflict` while it is being worked on or
 * when it is done, `bad_request` for a circle
 */
export async function update(
  aura: Aura,
  caller: Caller,
  projectId: string,
  id: string,
  change: UpdateTask,
): Promise<Task> {
  if (countsAsProof(change)) refuseAgents(caller, "change what proves a task")
  await get(aura, projectId, id)
  await aura.store.commit("task.updated", async (read) => {
    const tasks = await read.list("tasks", { projectId })
    const task = tasks.find((row) => row.id === id)
    return task && { projectId, rows: { tasks: changed(tasks, task, change) } }
  })
  return await get(aura, projectId, id)
}

/**
 * All tasks of a project, one of them changed.
 * @throws AuraError `conflict` while it is being worked on or when it is done, `bad_request` for a circle
 */
export function changed(tasks: readonly Task[], task: Task, change: UpdateTask): Task[] {
  refuseWhenSettled(task, "changed")
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const edited: Task = { ...task, ...given }
  const waits = edited.status === "ready" || edited.status === "pending"
  const status = waits ? (isFree(edited.dependsOn, tasks) ? "ready" : "pending") : edited.status
  // Half a step before or after the task whose place it takes, so that sorting settles it.
  const order =
    change.order === undefined ? task.order : change.order + (change.order > task.order ? 0.5 : -0.5)
  return checkedOrder(tasks.map((row) => (row.id === task.id ? { ...edited, status, order } : row)))
}

/** @throws AuraError `forbidden` for an agent, `conflict` while others depend on it or it is being worked on */
export async function remove(aura: Aura, caller: Caller, projectId: string, id: string): Promise<void> {
  refuseAgents(caller, "remove a task")
  await get(aura, projectId, id)
  await aura.store.commit("task.removed", async (read) => {
    const tasks = await read.list("tasks", { projectId })
    const task = tasks.find((row) => row.id === id)
    if (!task) return undefined
    refuseWhenSettled(task, "removed")
    const dependants = tasks.filter((row) => row.dependsOn.includes(id))
    if (dependants.length > 0) {
      throw new AuraError(
        "conflict",
        `"${task.title}" cannot be removed: ${dependants.map((row) => `"${row.title}"`).join(", ")} depend on it.`,
      )
    }
    return { projectId, rows: {}, removed: { tasks: [id] } }
  })
}

/** @param keepsAll true: tasks that are not done stay as well */
async function resolveIn(
  aura: Aura,
  read: Read,
  projectId: string,
  drafts: readonly TaskDraft[],
  keepsAll = false,
) {
  const project = await read.get("projects", projectId)
  const document = project && (await read.get("documents", project.documentId))
  const kept = (await read.list("tasks", { projectId }))
    .filter((task) => keepsAll || task.status === "done")
    .toSorted((a, b) => a.order - b.order)
  const specs = await read.list("specs", { projectId })
  const requirementIds = document?.requirements.map((requirement) => requirement.id) ?? []
  return { ...resolve(drafts, { specs, kept, requirementIds }, () => aura.newId("task")), kept }
}

function toTask(aura: Aura, projectId: string, draft: ResolvedDraft, done: ReadonlySet<string>): Task {
  return {
    id: draft.id,
    projectId,
    specId: draft.specId,
    title: draft.title,
    description: draft.description,
    status: draft.dependsOn.every((id) => done.has(id)) ? "ready" : "pending",
    order: draft.order,
    dependsOn: draft.dependsOn,
    requirementIds: [...draft.requirementIds],
    checks: [...draft.checks],
    attempts: 0,
    lessons: [],
    filesChanged: [],
    usage: noUsage,
    createdAt: timestamp(aura),
  }
}

function isFree(dependsOn: readonly string[], tasks: readonly Task[]): boolean {
  return dependsOn.every((id) => {
    const task = tasks.find((row) => row.id === id)
    if (!task)
      throw new AuraError("bad_request", `A dependency names "${id}", which is no task of this project.`)
    return task.status === "done"
  })
}

function checkedOrder(tasks: readonly Task[]): Task[] {
  const ordered = reorder(tasks)
  if (ordered.length < tasks.length)
    throw new AuraError("bad_request", "These dependencies would make tasks wait for each other in a circle.")
  return ordered
}

function refuseWhenSettled(task: Task, what: string): void {
  if (task.status === "in_progress")
    throw new AuraError(
      "conflict",
      `"${task.title}" is being worked on and cannot be ${what}. Stop the loop first.`,
    )
  if (task.status === "done")
    throw new AuraError(
      "conflict",
      `"${task.title}" is done and cannot be ${what}; its evidence stands for what it said.`,
    )
}
