/** The commits of done tasks: whether they still stand on the branch, and bringing one back. */
import { AuraError, type Task } from "@aura/core"
import { agents, loops, projects, tasks } from "@aura/domain"
import type { Git } from "@aura/workspace"
import type { Engine } from "../engine.ts"

/**
 * @param of.instanceId whose repository it is; other agents of the project may have others
 * @returns the tasks whose commit is missing; each is blocked and says so
 */
export async function settle(
  engine: Engine,
  of: { projectId: string; instanceId: string | undefined },
  git: Git,
): Promise<Task[]> {
  const { aura } = engine
  const { projectId, instanceId } = of
  const instances = await agents.listInstances(aura, projectId)
  const others = new Set(instances.flatMap(({ id }) => (id === instanceId ? [] : [id])))
  const committed = tasks.withCommit(await tasks.list(aura, projectId))
  const shas = committed.flatMap((task) => (others.has(task.instanceId ?? "") ? [] : (task.commit ?? [])))
  if (shas.length === 0) return []
  return await tasks.settle(aura, projectId, { ...(await git.standing(shas)), asked: new Set(shas) })
}

/** The same for a project at rest; one whose folder has no repository has nothing to look at. */
export async function check(engine: Engine, projectId: string): Promise<Task[]> {
  const opened = await openProjectGit(engine, projectId)
  return opened ? await settle(engine, { projectId, ...opened }, opened.git) : []
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
  const opened = await openProjectGit(engine, projectId)
  if (!opened || commit === undefined)
    throw new AuraError("conflict", `"${title}" has no repository any more.`)
  await opened.git.forwardTo(commit)
  await settle(engine, { projectId, ...opened }, opened.git)
  return await tasks.get(engine.aura, projectId, taskId)
}

async function openProjectGit(
  engine: Engine,
  projectId: string,
): Promise<{ git: Git; instanceId: string } | undefined> {
  const [instance] = await agents.listInstances(engine.aura, projectId)
  if (instance?.workspace.kind !== "local") return undefined
  const project = await projects.get(engine.aura, projectId)
  const git = await engine.openPlace(project, instance).findGit()
  return git && { git, instanceId: instance.id }
}
