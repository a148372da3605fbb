/** What an agent may not change: files with uncommitted changes of the user, and those that a filter is named for. */
import { posix } from "node:path"
import type { FileChange } from "@aura/core"
import { type Git, showBytes } from "@aura/workspace"
import type { Fence } from "../tools/files.ts"
import type { TaskDone } from "../tools/outcome.ts"

export function toFence(fenced: ReadonlySet<string>, git: Git): Fence {
  return {
    async refuse(path) {
      const name = posix.normalize(path)
      const inRepository = git.prefix + name
      const filter = (await git.filtered([inRepository])).get(inRepository)
      if (filter !== undefined) return describeFilter([name], filter)
      return fenced.has(inRepository)
        ? `${name} has uncommitted changes of the user; Aura leaves such files alone. Do without changing it, or call task_blocked.`
        : undefined
    },
  }
}

/** @returns why a change cannot be committed; files of the user's are put back then */
export async function refuseChange(
  git: Git,
  base: string,
  changes: readonly FileChange[],
  fenced: ReadonlySet<string>,
  input: TaskDone,
): Promise<string | undefined> {
  const touched = changes.map((change) => change.path).filter((path) => fenced.has(path))
  if (touched.length > 0) {
    await git.restore(base, touched)
    return `${touched.map(showBytes).join(", ")} had uncommitted changes of the user, so Aura put them back. Do without changing them, or call task_blocked.`
  }
  const written = changes.filter(({ op }) => op !== "deleted").map(({ path }) => path)
  const filtered = await git.filtered(written)
  const [filter] = filtered.values()
  if (filter !== undefined)
    return `Not accepted: ${describeFilter([...filtered.keys()].slice(0, 10), filter)}`
  if (changes.length > 0 || input.no_changes_needed) return undefined
  return "No file has changed since the task began. If the folder was right already, call task_done with no_changes_needed: true."
}

function describeFilter(paths: readonly string[], filter: string): string {
  return `.gitattributes names the filter "${filter}" for ${paths.map(showBytes).join(", ")}. Aura runs no filter of a repository, and without it git would keep the wrong content. Put it under another name that no filter is named for, or call task_blocked.`
}
