/** Agent templates, and their instances at work in a project. */
import {
  type Agent,
  AuraError,
  type CreateInstance,
  type Instance,
  type SaveAgent,
  type UpdateAgent,
  type UpdateInstance,
} from "@aura/core"
import type { RowPage } from "@aura/store"
import { checkFolder } from "@aura/workspace/folder"
import { type Aura, timestamp } from "./aura.ts"

export async function list(aura: Aura, page?: RowPage): Promise<Agent[]> {
  return await aura.store.list("agents", {}, page)
}

/** @throws AuraError `not_found` */
export async function get(aura: Aura, id: string): Promise<Agent> {
  const agent = await aura.store.get("agents", id)
  if (!agent) throw new AuraError("not_found", "There is no such agent.")
  return agent
}

export async function create(aura: Aura, input: SaveAgent): Promise<Agent> {
  const at = timestamp(aura)
  const agent: Agent = {
    id: aura.newId("agent"),
    name: input.name,
    role: input.role ?? "",
    personality: input.personality ?? "",
    systemPrompt: input.systemPrompt ?? "",
    skills: input.skills ?? [],
    model: input.model ?? null,
    effort: input.effort ?? null,
    createdAt: at,
    updatedAt: at,
  }
  await aura.store.commit("agent.saved", { rows: { agents: [agent] } })
  return agent
}

export async function update(aura: Aura, id: string, change: UpdateAgent): Promise<Agent> {
  await get(aura, id)
  await aura.store.commit("agent.saved", async (read) => {
    const agent = await read.get("agents", id)
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    return agent && { rows: { agents: [{ ...agent, ...given, updatedAt: timestamp(aura) }] } }
  })
  return await get(aura, id)
}

/** @throws AuraError `conflict` while a project uses it */
export async function remove(aura: Aura, id: string): Promise<void> {
  await get(aura, id)
  await aura.store.commit("agent.removed", async (read) => {
    const users = (await read.list("instances")).filter((instance) => instance.agentId === id)
    if (users.length > 0)
      throw new AuraError("conflict", `${users.length} project(s) use this agent. Take it off them first.`)
    return { rows: {}, removed: { agents: [id] } }
  })
}

export async function listInstances(aura: Aura, projectId: string, page?: RowPage): Promise<Instance[]> {
  return await aura.store.list("instances", { projectId }, page)
}

/** @throws AuraError `not_found` */
export async function getInstance(aura: Aura, projectId: string, id: string): Promise<Instance> {
  const instance = await aura.store.get("instances", id)
  if (instance?.projectId !== projectId)
    throw new AuraError("not_found", "There is no such agent in this project.")
  return instance
}

export async function createInstance(
  aura: Aura,
  projectId: string,
  input: CreateInstance,
): Promise<Instance> {
  const agent = input.agentId ? await get(aura, input.agentId) : undefined
  const workspace = await checkWorkspace(aura, input.workspace)
  const at = timestamp(aura)
  const instance: Instance = {
    id: aura.newId("instance"),
    projectId,
    agentId: agent?.id ?? null,
    name: input.name ?? agent?.name ?? "Aura",
    workspace,
    status: "idle",
    createdAt: at,
    updatedAt: at,
  }
  await aura.store.commit("instance.saved", async (read) => {
    if (!(await read.get("projects", projectId)))
      throw new AuraError("not_found", "There is no such project.")
    return { projectId, rows: { instances: [instance] } }
  })
  return instance
}

export async function updateInstance(
  aura: Aura,
  projectId: string,
  id: string,
  change: UpdateInstance,
): Promise<Instance> {
  await getInstance(aura, projectId, id)
  const workspace = change.workspace && (await checkWorkspace(aura, change.workspace))
  await aura.store.commit("instance.saved", async (read) => {
    const instance = await read.get("instances", id)
    if (!instance) return undefined
    if (workspace) await refuseWhileWorking(read, instance)
    const updated = {
      ...instance,
      name: change.name ?? instance.name,
      workspace: workspace ?? instance.workspace,
      updatedAt: timestamp(aura),
    }
    return { projectId, rows: { instances: [updated] } }
  })
  return await getInstance(aura, projectId, id)
}

export async function removeInstance(aura: Aura, projectId: string, id: string): Promise<void> {
  await getInstance(aura, projectId, id)
  await aura.store.commit("instance.removed", async (read) => {
    const instance = await read.get("instances", id)
    if (!instance) return undefined
    await refuseWhileWorking(read, instance)
    return { projectId, rows: {}, removed: { instances: [id] } }
  })
}

async function checkWorkspace(aura: Aura, workspace: Instance["workspace"]): Promise<Instance["workspace"]> {
  switch (workspace.kind) {
    case "local":
      return { kind: "local", path: await checkFolder(workspace.path, aura.config.dataDir) }
    case "worktree":
      throw new AuraError(
        "service_unavailable",
        "Worktrees cannot be worked in yet. Give the agent a local folder of its own.",
      )
    case "remote":
      throw new AuraError(
        "service_unavailable",
        "Remote machines need SWARM_BASE_URL, which is not set. Use a local folder or a worktree.",
      )
  }
}

async function refuseWhileWorking(read: Pick<Aura["store"], "list">, instance: Instance): Promise<void> {
  const loops = await read.list("loops", { projectId: instance.projectId })
  if (loops.some((loop) => loop.instanceId === instance.id && loop.status !== "finished")) {
    throw new AuraError("conflict", `${instance.name} is at work. Stop its loop first.`)
  }
}
