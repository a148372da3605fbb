/** Specs: the ordered documents a project is built from. */
import { AuraError, type Plan, type Spec } from "@aura/core"
import { type Aura, timestamp } from "./aura.ts"
import { type Caller, refuseAgents } from "./caller.ts"
import * as plans from "./plans.ts"
import { respecify } from "./tasks/respecified.ts"

export type SpecDraft = { title: string; markdown: string }

/** Most foundational first. */
export async function list(aura: Aura, projectId: string): Promise<Spec[]> {
  const specs = await aura.store.list("specs", { projectId })
  return specs.toSorted((a, b) => a.order - b.order)
}

/** @throws AuraError `not_found` */
export async function get(aura: Aura, projectId: string, id: string): Promise<Spec> {
  const spec = await aura.store.get("specs", id)
  if (spec?.projectId !== projectId) throw new AuraError("not_found", "There is no such spec.")
  return spec
}

/** What a spec says is what tasks are proven against. */
export function countsAsProof({ markdown }: { markdown?: string | undefined }): boolean {
  return markdown !== undefined
}

/** @throws AuraError `forbidden` for an agent that changes what it says */
export async function update(
  aura: Aura,
  caller: Caller,
  projectId: string,
  id: string,
  change: {
    title?: string | undefined
    markdown?: string | undefined
    order?: number | undefined
    keepDone?: boolean | undefined
  },
): Promise<Spec> {
  if (countsAsProof(change)) refuseAgents(caller, "change what a spec says")
  await get(aura, projectId, id)
  await aura.store.commit("spec.saved", async (read) => {
    const spec = await read.get("specs", id)
    if (!spec) return undefined
    const updated: Spec = {
      ...spec,
      title: change.title ?? spec.title,
      markdown: change.markdown ?? spec.markdown,
      updatedAt: timestamp(aura),
    }
    const tasks = change.keepDone
      ? []
      : respecify(aura, await read.list("tasks", { projectId }), spec, updated)
    if (change.order === undefined) return { projectId, rows: { specs: [updated], tasks } }
    const all = (await read.list("specs", { projectId })).toSorted((a, b) => a.order - b.order)
    const ordered = all.filter((row) => row.id !== id).toSpliced(change.order - 1, 0, updated)
    return { projectId, rows: { specs: ordered.map((row, i) => ({ ...row, order: i + 1 })), tasks } }
  })
  return await get(aura, projectId, id)
}

/** Stores another version of one spec beside the present one and ends the plan that wrote it. */
export async function propose(aura: Aura, plan: Plan, draft: SpecDraft): Promise<void> {
  await aura.store.commit("spec.proposed", async (read) => {
    const running = await read.get("plans", plan.id)
    const spec = await read.get("specs", plan.specId ?? "")
    if (running?.status !== "running" || !spec) return undefined
    const proposal = { ...draft, note: plan.note ?? null, planId: plan.id, createdAt: timestamp(aura) }
    const rows = { specs: [{ ...spec, proposal }], plans: [plans.finished(aura, running)] }
    return { projectId: plan.projectId, rows }
  })
}

/**
 * Decides on the proposed version. Its done tasks are to be done again, unless `keepDone`. The spec keeps its id, so its tasks and their requirements still come from it.
 * @param planId of the proposal that was looked at
 * @throws AuraError `not_found` without a proposal, `conflict` when another one stands there by now
 */
export async function acceptProposal(
  aura: Aura,
  caller: Caller,
  projectId: string,
  id: string,
  planId: string,
  keepDone = false,
): Promise<Spec> {
  refuseAgents(caller, "accept a proposed spec")
  const { proposal } = await get(aura, projectId, id)
  if (!proposal) throw new AuraError("not_found", "There is no proposed version of this spec.")
  await aura.store.commit("spec.saved", async (read) => {
    const spec = await read.get("specs", id)
    if (!spec?.proposal) return undefined
    const { proposal: proposed, ...present } = spec
    if (proposed.planId !== planId)
      throw new AuraError("conflict", "Another version was proposed meanwhile. Look again.")
    const { title, markdown } = proposed
    const updated = { ...present, title, markdown, updatedAt: timestamp(aura) }
    const tasks = keepDone ? [] : respecify(aura, await read.list("tasks", { projectId }), spec, updated)
    return { projectId, rows: { specs: [updated], tasks } }
  })
  return await get(aura, projectId, id)
}

/** Forgets the proposed version, if there is one. */
export async function discardProposal(aura: Aura, projectId: string, id: string): Promise<void> {
  await get(aura, projectId, id)
  await aura.store.commit("spec.saved", async (read) => {
    const spec = await read.get("specs", id)
    if (!spec?.proposal) return undefined
    const { proposal: _, ...present } = spec
    return { projectId, rows: { specs: [present] } }
  })
}

/**
 * Swaps the old specs for the new ones in one commit and ends the plan. A spec whose title comes again keeps
 * its id, a spec with finished work is kept behind the new ones, and tasks that were not done go: they
 * belonged to the old plan.
 */
export async function replace(aura: Aura, plan: Plan, drafts: readonly SpecDraft[]): Promise<void> {
  const { projectId } = plan
  await aura.store.commit("specs.generated", async (read) => {
    const running = await read.get("plans", plan.id)
    if (running?.status !== "running") return undefined
    const old = await read.list("specs", { projectId })
    const tasks = await read.list("tasks", { projectId })
    const at = timestamp(aura)
    const fresh = drafts.map((draft, i): Spec => {
      const same = old.find((spec) => isSameTitle(spec.title, draft.title))
      return {
        id: same?.id ?? aura.newId("spec"),
        projectId,
        order: i + 1,
        title: draft.title,
        markdown: draft.markdown,
        createdAt: same?.createdAt ?? at,
        updatedAt: at,
      }
    })
    const gone = old.filter((spec) => !fresh.some((row) => row.id === spec.id))
    const kept = gone.filter((spec) =>
      tasks.some((task) => task.status === "done" && task.specId === spec.id),
    )
    const moved = kept.map((spec, i): Spec => ({ ...spec, order: fresh.length + i + 1 }))
    return {
      projectId,
      rows: { specs: [...fresh, ...moved], plans: [plans.finished(aura, running)] },
      removed: {
        specs: gone.filter((spec) => !kept.includes(spec)).map((spec) => spec.id),
        tasks: tasks.filter((task) => task.status !== "done").map((task) => task.id),
      },
    }
  })
}

export function isSameTitle(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}
