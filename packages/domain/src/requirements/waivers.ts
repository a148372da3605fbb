/** Waivers: requirements that a person goes without proof of, with a reason. A new wording needs a new one. */
import { AuraError, type CreateWaiver, type Waiver } from "@aura/core"
import { type Aura, timestamp } from "../aura.ts"
import { type Caller, nameOf, refuseAgents } from "../caller.ts"
import { current } from "./document.ts"

export async function list(aura: Aura, projectId: string): Promise<Waiver[]> {
  return await aura.store.list("waivers", { projectId })
}

/** @throws AuraError `forbidden` for an agent, `not_found` for a requirement that the document does not have */
export async function create(
  aura: Aura,
  caller: Caller,
  projectId: string,
  { requirementId, reason }: CreateWaiver,
): Promise<Waiver> {
  refuseAgents(caller, "waive a requirement")
  const { requirements } = await current(aura, projectId)
  const requirement = requirements.find(({ id }) => id === requirementId)
  if (!requirement) throw new AuraError("not_found", `The document has no requirement ${requirementId}.`)
  const since = requirement.since ?? 1
  const waiver: Waiver = {
    id: aura.newId("waiver"),
    projectId,
    requirementId,
    since,
    reason,
    by: nameOf(caller),
    createdAt: timestamp(aura),
  }
  await aura.store.commit("requirement.waived", async (read) => {
    const old = (await read.list("waivers", { projectId })).filter(
      (one) => one.requirementId === requirementId,
    )
    return { projectId, rows: { waivers: [waiver] }, removed: { waivers: old.map(({ id }) => id) } }
  })
  return waiver
}

/** @throws AuraError `forbidden` for an agent, `not_found` */
export async function remove(aura: Aura, caller: Caller, projectId: string, id: string): Promise<void> {
  refuseAgents(caller, "withdraw a waiver")
  await aura.store.commit("requirement.waived", async (read) => {
    const waiver = await read.get("waivers", id)
    if (waiver?.projectId !== projectId) throw new AuraError("not_found", "There is no such waiver.")
    return { projectId, rows: {}, removed: { waivers: [id] } }
  })
}
