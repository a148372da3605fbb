/** The commits of done tasks: whether they still stand on the branch, and bringing one back. */
import { AuraError, type Task } from "@aura/core"
import { agents, loops, projects, tasks } from "@aura/domain"
import { createGit, type Git, gitHome, openRepository, refuseReplaced } from "@aura/workspace"
import type { Engine } from "../engine.ts"

/** @returns the tasks whose commit is missing; each is blocked and says so */
export async function settle(engine: Engine, projectId: string, git: Git): Promise<Task[]> {
  const { aura } = engine
  const committed = tasks.withCommit(await tasks.list(aura, projectId))
  if (committed.length === 0) return []
  const standing = await git.standing(committed.flatMap(({ commit }) => commit ?? []))
  return await tasks.settle(aura, projectId, standing)
}

/** The same for a project at rest; one whose folder has no repository has nothing to look at. */
export async function check(engine: Engine, projectId: string): Promise<Task[]> {
  const git = await openProjectGit(engine, projectId)
  return git ? await settle(engine, projectId, git) : []
}

/** At the start: every active project that no loop is at work on. @param report is told of a folder that cannot be read */
export async function checkAll(
  engine: Engine,
  signal: AbortSignal,
  report: (thrown: unknown) => void,
): Promise<void> {
  const { aura } = engine
  const busy = new Set((await loops.listRunning(aura)).map((loop) => loop.projectId))
  for (const { id, status } of await projects.list(aura))
    if (status === "active" && !busy.has(id) && !signal.aborted) await check(engine, id).catch(report)
}

/**
 * Moves the branch forward to a task's missing commit, and the folder with it.
 * @throws AuraError `conflict` when the branch went another way since, or uncommitted changes are in the way
 */
export async function bringBack(engine: Engine, projectId: string, taskId: string): Promise<Task> {
  await projects.refuseWhileBusy(engine.aura.store, projectId, "No commit can be brought back")
  const { commit, title } = tasks.mustMiss(await tasks.get(engine.aura, projectId, taskId))
  const git = await openProjectGit(engine, projectId)
  if (!git || commit === undefined) throw new AuraError("conflict", `"${title}" has no repository any more.`)
  await git.forwardTo(commit)
  await settle(engine, projectId, git)
  return await tasks.get(engine.aura, projectId, taskId)
}

async function openProjectGit({ aura }: Engine, projectId: string): Promise<Git | undefined> {
  const [instance] = await agents.listInstances(aura, projectId)
  if (instance?.workspace.kind !== "local") return undefined
  await refuseReplaced(instance.workspace.path)
  const repository = await openRepository(instance.workspace.path, gitHome(aura.config.dataDir))
  return repository && createGit(repository)
}
