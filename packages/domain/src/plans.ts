/** Plans: one attempt to make specs or tasks, or one spec anew. Only one at a time, and never while a loop runs. */
import { AuraError, type Finding, type Plan, type Project } from "@aura/core"
import { type Aura, timestamp } from "./aura.ts"
import { refuseWhileBusy } from "./projects.ts"

/**
 * @throws AuraError `conflict` while the project is being planned or worked on, `bad_request` when there is
 * nothing to make tasks from
 */
export async function start(
  aura: Aura,
  projectId: string,
  step: Plan["step"],
  about: Pick<Plan, "specId" | "note" | "requirementIds"> = {},
): Promise<Plan> {
  const plan: Plan = {
    id: aura.newId("plan"),
    projectId,
    step,
    ...about,
    status: "running",
    sessionId: null,
    reason: null,
    outcome: null,
    waiting: null,
    startedAt: timestamp(aura),
    finishedAt: null,
  }
  await aura.store.commit("plan.started", async (read) => {
    const project = await read.get("projects", projectId)
    if (!project) throw new AuraError("not_found", "There is no such project.")
    if (project.status === "archived")
      throw new AuraError("conflict", "The project is archived. Bring it back first.")
    if (step === "look_over" && project.rehearsal) refuseRehearsal("a look over its document")
    if (step === "spec") await refuseRewrite(read, project, about.specId)
    else await refuseWhileBusy(read, projectId, "It cannot be planned")
    if (step === "tasks" && (await read.list("specs", { projectId })).length === 0) {
      throw new AuraError("bad_request", "There are no specs yet. Generate the specs first.")
    }
    const document = await read.get("documents", project.documentId)
    if (document) plan.documentVersion = document.version
    return { projectId, rows: { plans: [plan] } }
  })
  return plan
}

function refuseRehearsal(what: string): never {
  throw new AuraError("conflict", `A rehearsal has only the words of its screenplay, and none for ${what}.`)
}

async function refuseRewrite(
  read: Pick<Aura["store"], "get" | "list">,
  project: Project,
  specId: string | undefined,
): Promise<void> {
  const spec = specId && (await read.get("specs", specId))
  if (!spec || spec.projectId !== project.id) throw new AuraError("not_found", "There is no such spec.")
  if (project.rehearsal) refuseRehearsal("another version of a spec")
  await refuseWhileBusy(read, project.id, `"${spec.title}" cannot be written anew`)
}

export async function attachSession(aura: Aura, planId: string, sessionId: string): Promise<void> {
  await aura.store.commit("plan.started", async (read) => {
    const plan = await read.get("plans", planId)
    return plan && { projectId: plan.projectId, rows: { plans: [{ ...plan, sessionId }] } }
  })
}

/** Whether the provider is waited for. Does nothing once the plan has ended. */
export async function note(aura: Aura, planId: string, waiting: Plan["waiting"]): Promise<void> {
  await aura.store.commit("plan.updated", async (read) => {
    const plan = await read.get("plans", planId)
    if (plan?.status !== "running") return undefined
    return { projectId: plan.projectId, rows: { plans: [{ ...plan, waiting }] } }
  })
}

/** Ends a plan without a result; what was planned before stays as it was. */
export async function end(
  aura: Aura,
  planId: string,
  status: "failed" | "stopped",
  reason: string,
  outcome: Plan["outcome"],
): Promise<void> {
  await aura.store.commit(status === "failed" ? "plan.failed" : "plan.stopped", async (read) => {
    const plan = await read.get("plans", planId)
    if (plan?.status !== "running") return undefined
    const ended: Plan = { ...plan, status, reason, outcome, waiting: null, finishedAt: timestamp(aura) }
    return { projectId: plan.projectId, rows: { plans: [ended] } }
  })
}

export function finished(aura: Aura, plan: Plan): Plan {
  return { ...plan, status: "finished", waiting: null, finishedAt: timestamp(aura) }
}

/** Ends a look-over with what it found. */
export async function keepFindings(aura: Aura, planId: string, findings: readonly Finding[]): Promise<void> {
  await aura.store.commit("plan.updated", async (read) => {
    const plan = await read.get("plans", planId)
    if (plan?.status !== "running") return undefined
    return {
      projectId: plan.projectId,
      rows: { plans: [{ ...finished(aura, plan), findings: [...findings] }] },
    }
  })
}

export async function list(aura: Aura, projectId: string): Promise<Plan[]> {
  return await aura.store.list("plans", { projectId })
}

/** At boot: no plan can be going on, whatever the last crash left behind. */
export async function recover(aura: Aura): Promise<void> {
  for (const plan of await aura.store.list("plans")) {
    if (plan.status === "running") {
      await end(
        aura,
        plan.id,
        "stopped",
        "Aura was stopped while planning. Nothing was changed; start it again.",
        null,
      )
    }
  }
}

/** @throws AuraError `not_found` */
export async function get(aura: Aura, id: string): Promise<Plan> {
  const plan = await aura.store.get("plans", id)
  if (!plan) throw new AuraError("not_found", "There is no such plan.")
  return plan
}
