/** What commits of the in-memory repository hold and say. */
import { AuraError, type FileChange } from "@aura/core"
import { applyPatch, createTwoFilesPatch, diffLines, parsePatch, reversePatch } from "diff"
import type { Git } from "../git/git.ts"
import type { LoggedCommit } from "../git/history.ts"
import type { MemoryFiles } from "./memory.ts"
import type { MemoryCommit } from "./memory-git.ts"

type Tree = ReadonlyMap<string, string>
type History = Pick<
  Git,
  "committed" | "parentOf" | "diff" | "undo" | "blame" | "findHash" | "describe" | "log"
>

export function openMemoryHistory(
  files: MemoryFiles,
  commits: readonly MemoryCommit[],
  of: { emptyTree: string; open(hash: string): Tree; changes(from: string, to: string): FileChange[] },
): History {
  const { emptyTree, open } = of
  /** A commit stands for its tree. */
  const treeOf = (hash: string) => commits.find(({ sha }) => sha === hash)?.tree ?? hash
  const textAt = (index: number, path: string) => {
    const commit = commits[index]
    return commit && open(commit.tree).get(path)
  }

  return {
    async committed(path) {
      const text = textAt(commits.length - 1, path)
      if (text !== undefined) return text
      const tree = open(commits.at(-1)?.tree ?? emptyTree)
      if (tree.keys().some((name) => name.startsWith(`${path}/`)))
        throw new AuraError("bad_request", `${path} is a folder in the last commit.`)
      return null
    },
    async parentOf(sha) {
      return commits[commits.findIndex((commit) => commit.sha === sha) - 1]?.sha ?? emptyTree
    },
    diff: async (from, to) =>
      of.changes(treeOf(from), treeOf(to)).map((change) => {
        const [before, after] = [open(treeOf(from)).get(change.path), open(treeOf(to)).get(change.path)]
        return { ...change, text: toDiff(change.path, before, after) }
      }),
    async undo(diff) {
      for (const patch of parsePatch(diff)) {
        const path = patch.newFileName === "/dev/null" ? patch.oldFileName : patch.newFileName
        const name = path?.replace(/^[ab]\//, "") ?? ""
        const undone = applyPatch(files.get(name) ?? "", reversePatch(patch))
        if (undone === false) throw new AuraError("conflict", "git apply failed: the patch does not apply")
        if (patch.oldFileName === "/dev/null") files.delete(name)
        else files.set(name, undone)
      }
    },
    async blame(path, line) {
      const text = textAt(commits.length - 1, path)?.split("\n")[line - 1]
      if (text === undefined) return undefined
      let at = line
      for (let i = commits.length - 1; i >= 0; i--) {
        const before = lineBefore(textAt(i - 1, path) ?? "", textAt(i, path) ?? "", at)
        if (before === undefined) return { sha: commits[i]?.sha ?? "", text }
        at = before
      }
      return undefined
    },
    findHash: async (prefix) => commits.find(({ sha }) => sha.startsWith(prefix))?.sha,
    async describe(sha) {
      const message = commits.find((commit) => commit.sha === sha)?.message ?? ""
      return { taskId: trailer(message, "Task"), author: "Aura", subject: message.split("\n")[0] ?? "" }
    },
    log: async () =>
      commits.map(({ sha, tree, message }, i): LoggedCommit => {
        const changed = of.changes(commits[i - 1]?.tree ?? emptyTree, tree)
        return {
          sha,
          tree,
          subject: message.split("\n")[0] ?? "",
          body: message,
          taskId: trailer(message, "Task"),
          proof: trailer(message, "Proof"),
          evidence: trailer(message, "Evidence"),
          files: changed.map(({ path }) => path),
        }
      }),
  }
}

function trailer(message: string, name: string): string {
  return new RegExp(`^Aura-${name}: (.*)$`, "m").exec(message)?.[1]?.trim() ?? ""
}

function toDiff(path: string, before: string | undefined, after: string | undefined): string {
  const [from, to] = [
    before === undefined ? "/dev/null" : `a/${path}`,
    after === undefined ? "/dev/null" : `b/${path}`,
  ]
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, { context: 3 })
  const body = patch.slice(patch.indexOf("--- ")).replace(/\t$/gm, "").replace(/\n$/, "")
  return `diff --git a/${path} b/${path}\n${body}`
}

/** Where a line was before a change; undefined for one that the change added. */
function lineBefore(before: string, after: string, line: number): number | undefined {
  let [old, now] = [1, 1]
  for (const { added, removed, count } of diffLines(before, after)) {
    if (!removed && line < now + count) return added ? undefined : old + line - now
    if (!removed) now += count
    if (!added) old += count
  }
  return undefined
}
