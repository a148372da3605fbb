/** Projects: one requirements document, its folder and its choices. */
import { mkdir, realpath } from "node:fs/promises"
import { join } from "node:path"
import {
  AuraError,
  type Building,
  type CreateProject,
  type Instance,
  noUsage,
  type Project,
  type Row,
  type Table,
  type UpdateProject,
} from "@aura/core"
import { checkFolder, worktreesDir } from "@aura/workspace/folder"
import { type Aura, timestamp } from "./aura.ts"
import { type Caller, refuseAgents } from "./caller.ts"
import * as requirements from "./requirements/requirements.ts"

/** @throws AuraError `bad_request` for empty requirements or a folder that cannot be worked in */
export async function create(aura: Aura, input: CreateProject): Promise<Project> {
  const statements = await requirements.read(input.requirements)
  const at = timestamp(aura)
  const id = aura.newId("project")
  const workspacePath = input.workspacePath
    ? await checkFolder(input.workspacePath, aura.config.dataDir)
    : await makeFolder(aura, id)
  const document: Row<"documents"> = {
    id: aura.newId("document"),
    projectId: id,
    version: 1,
    markdown: input.requirements,
    ...requirements.number(statements),
    decisions: [],
    identities: [],
    createdAt: at,
  }
  const project: Project = {
    id,
    name: input.name,
    description: input.description ?? "",
    workspacePath,
    buildCommand: input.buildCommand || null,
    testCommand: input.testCommand || null,
    model: input.model ?? null,
    budgetUsd: input.budgetUsd ?? null,
    status: "active",
    heldOut: input.heldOut ?? (input.rehearsal ? "off" : "auto"),
    productProof: input.productProof ?? null,
    review: input.review ?? "off",
    mutation: input.mutation ?? "on",
    reviewerAgentId: input.reviewerAgentId ?? null,
    rehearsal: input.rehearsal ?? false,
    level: 2,
    levelUntil: null,
    hosts: [],
    building: null,
    documentId: document.id,
    usage: noUsage,
    createdAt: at,
    updatedAt: at,
  }
  const instances = [firstInstance(aura, id, workspacePath)]
  await aura.store.commit("project.created", {
    projectId: id,
    rows: { projects: [project], documents: [document], instances },
  })
  return project
}

/** @throws AuraError `not_found` */
export async function get(aura: Aura, id: string): Promise<Project> {
  const project = await aura.store.get("projects", id)
  if (!project) throw new AuraError("not_found", "There is no such project.")
  return project
}

/** Newest first. */
export async function list(aura: Aura): Promise<Project[]> {
  return (await aura.store.list("projects")).toReversed()
}

/** The active project whose first instance works in this folder, if any; the newest when there are several. */
export async function findByFolder(aura: Aura, realPath: string): Promise<Project | undefined> {
  return (await list(aura)).find(
    (project) => project.workspacePath === realPath && project.status === "active",
  )
}

/** @throws AuraError `forbidden` for an agent */
export async function update(
  aura: Aura,
  caller: Caller,
  id: string,
  change: UpdateProject,
): Promise<Project> {
  refuseAgents(caller, "change a project")
  await get(aura, id)
  const workspacePath =
    change.workspacePath === undefined
      ? undefined
      : await checkFolder(change.workspacePath, aura.config.dataDir)
  await aura.store.commit("project.updated", async (read) => {
    const project = await read.get("projects", id)
    if (!project) return undefined
    const moves = workspacePath !== undefined && workspacePath !== project.workspacePath
    if (moves) await refuseWhileBusy(read, id, "The folder cannot be changed")
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const updated: Project = { ...project, ...given, updatedAt: timestamp(aura) }
    if (!moves)
      return { projectId: id, rows: { projects: [{ ...updated, workspacePath: project.workspacePath }] } }
    const first = (await read.list("instances", { projectId: id }))[0]
    const instance: Instance = first
      ? { ...first, workspace: { kind: "local", path: workspacePath }, updatedAt: timestamp(aura) }
      : firstInstance(aura, id, workspacePath)
    return { projectId: id, rows: { projects: [{ ...updated, workspacePath }], instances: [instance] } }
  })
  return await get(aura, id)
}

/** What of it goes on by itself from now on; null: nothing. @throws AuraError `conflict` for an archived project */
export async function setBuilding(aura: Aura, id: string, building: Building | null): Promise<Project> {
  await aura.store.commit("project.updated", async (read) => {
    const project = await read.get("projects", id)
    if (!project) throw new AuraError("not_found", "There is no such project.")
    if (building && project.status === "archived")
      throw new AuraError("conflict", "An archived project is not built. Take it out of the archive first.")
    return { projectId: id, rows: { projects: [{ ...project, building, updatedAt: timestamp(aura) }] } }
  })
  return await get(aura, id)
}

export async function setStatus(aura: Aura, id: string, status: Project["status"]): Promise<Project> {
  await aura.store.commit("project.updated", async (read) => {
    const project = await read.get("projects", id)
    if (!project) throw new AuraError("not_found", "There is no such project.")
    if (status === "archived") await refuseWhileBusy(read, id, "The project cannot be archived")
    return { projectId: id, rows: { projects: [{ ...project, status, updatedAt: timestamp(aura) }] } }
  })
  return await get(aura, id)
}

/** Forgets a project and all that was made from it. Its folder and its commits stay. */
/** @throws AuraError `forbidden` for an agent */
export async function remove(aura: Aura, caller: Caller, id: string): Promise<void> {
  refuseAgents(caller, "remove a project")
  await aura.store.commit("project.removed", async (read) => {
    if (!(await read.get("projects", id))) throw new AuraError("not_found", "There is no such project.")
    await refuseWhileBusy(read, id, "The project cannot be removed")
    const removed: { [T in Table]?: string[] } = { projects: [id] }
    const sessions = await read.list("sessions", { projectId: id })
    for (const table of [
      "documents",
      "specs",
      "plans",
      "tasks",
      "instances",
      "loops",
      "comments",
      "asks",
      "snapshots",
      "waivers",
      "heldOutChecks",
      "productProofs",
    ] as const) {
      removed[table] = (await read.list(table, { projectId: id })).map((row) => row.id)
    }
    removed.sessions = sessions.map((session) => session.id)
    const entries = await Promise.all(
      sessions.map((session) => read.list("entries", { sessionId: session.id })),
    )
    removed.entries = entries.flat().map((entry) => entry.id)
    return { projectId: id, rows: {}, removed }
  })
}

/** @throws AuraError `conflict` while a loop or a plan of the project is going on */
export async function refuseWhileBusy(
  read: Pick<Aura["store"], "list">,
  projectId: string,
  what: string,
): Promise<void> {
  const loops = await read.list("loops", { projectId })
  if (loops.some((loop) => loop.status !== "finished")) {
    throw new AuraError("conflict", `${what} while its loop is running. Stop the loop first.`)
  }
  const plans = await read.list("plans", { projectId })
  if (plans.some((plan) => plan.status === "running")) {
    throw new AuraError("conflict", `${what} while it is being planned. Wait, or stop the planning first.`)
  }
}

/** Without a folder of the user's, a project works in one that Aura keeps. */
async function makeFolder(aura: Aura, projectId: string): Promise<string> {
  const path = join(worktreesDir(aura.config.dataDir), projectId)
  await mkdir(path, { recursive: true })
  return await realpath(path)
}

function firstInstance(aura: Aura, projectId: string, path: string): Instance {
  const at = timestamp(aura)
  return {
    id: aura.newId("instance"),
    projectId,
    agentId: null,
    name: "Aura",
    workspace: { kind: "local", path },
    status: "idle",
    createdAt: at,
    updatedAt: at,
  }
}
