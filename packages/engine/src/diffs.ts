/** Diffs: what a task changed, file by file, and taking parts of it back in the folder. */
import { createHash } from "node:crypto"
import { AuraError, type FileChange, type FileDiff, type Revert, type Task, type TaskDiff } from "@aura/core"
import { agents, projects, tasks } from "@aura/domain"
import type { Git } from "@aura/workspace"
import type { Engine } from "./engine.ts"

/** A longer diff of one file is not shown. */
const longestDiff = 400_000
const maxFiles = 500

/** What a task changed: its commit, or what lies in the folder while it is worked on. */
export async function ofTask(engine: Engine, projectId: string, taskId: string): Promise<TaskDiff> {
  const task = await tasks.get(engine.aura, projectId, taskId)
  const git = await gitOf(engine, task)
  if (!git) return { from: "nothing", commit: null, files: [] }
  if (task.commit) {
    const parent = await git.parentOf(task.commit)
    return { from: "commit", commit: task.commit, files: await read(git, parent, task.commit) }
  }
  if (task.baseTree === undefined) return { from: "nothing", commit: null, files: [] }
  const base = await git.rebase(task.baseTree)
  return { from: "folder", commit: null, files: await read(git, base, await git.snapshot()) }
}

/**
 * Takes one file, or one part of it, back to how it was before the task. Nothing is committed.
 * @throws AuraError `conflict` while the loop works in the folder, when the diff is another one by now, or when
 * later work stands in the same place
 */
export async function revert(engine: Engine, projectId: string, taskId: string, what: Revert): Promise<void> {
  await projects.refuseWhileBusy(engine.aura.store, projectId, "Nothing can be taken back")
  const task = await tasks.get(engine.aura, projectId, taskId)
  const file = (await ofTask(engine, projectId, taskId)).files.find((row) => row.path === what.path)
  if (!file) throw new AuraError("not_found", `The task did not change ${what.path}.`)
  if (file.digest !== what.digest)
    throw new AuraError("conflict", "The file has changed since it was looked at. Look again.")
  if (file.diff === "") throw new AuraError("bad_request", `${what.path} cannot be taken back in parts.`)
  const git = await gitOf(engine, task)
  const patch = what.hunk === undefined ? file.diff : pickHunk(file.diff, what.hunk)
  if (!git || !patch) throw new AuraError("not_found", "There is no such part.")
  await git.undo(patch).catch(() => {
    throw new AuraError(
      "conflict",
      `Later work stands in the same place of ${what.path}; nothing was taken back.`,
    )
  })
}

/** The repository of whoever worked on a task; undefined where there is none. */
export async function gitOf(
  engine: Engine,
  task: Pick<Task, "projectId" | "instanceId">,
): Promise<Git | undefined> {
  const instances = await agents.listInstances(engine.aura, task.projectId)
  const instance = instances.find((row) => row.id === task.instanceId) ?? instances[0]
  if (instance?.workspace.kind !== "local") return undefined
  const project = await projects.get(engine.aura, task.projectId)
  return await engine.openPlace(project, instance).findGit()
}

async function read(git: Git, from: string, to: string): Promise<FileDiff[]> {
  return (await git.diff(from, to)).slice(0, maxFiles).map(toFileDiff)
}

function toFileDiff({ text, ...change }: FileChange & { text: string }): FileDiff {
  const isShown = text.includes("\n@@ ") && text.length <= longestDiff
  return {
    ...change,
    diff: isShown ? text : "",
    digest: createHash("sha256").update(text).digest("hex").slice(0, 16),
  }
}

/** The head of a file's diff with one of its parts. */
function pickHunk(diff: string, index: number): string | undefined {
  const [head = "", ...hunks] = diff.split(/^(?=@@ )/m)
  const hunk = hunks[index]
  return hunk === undefined ? undefined : `${head}${hunk}`.replace(/\n$/, "")
}
