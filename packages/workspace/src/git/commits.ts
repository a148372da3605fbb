/** Makes commits on the branch, one for each task, and preserves the user's changes in the index and the folder. */
import { join } from "node:path"
import { AuraError } from "@aura/core"
import { showBytes } from "../byte-path.ts"
import type { Branch } from "./branch.ts"
import type { Git } from "./git.ts"
import { clearLock } from "./index-lock.ts"
import { type RawChange, toIndexLines } from "./raw-diff.ts"
import type { Repository } from "./repository.ts"
import type { Trees } from "./trees.ts"

type Commits = Pick<Git, "treeOf" | "commit" | "rebase" | "setAside" | "forwardTo">

export function createCommits(
  repository: Repository,
  { compare, withChanges, restore }: Trees,
  { head, existing, notReachable }: Branch,
): Commits {
  const { names, files } = repository

  async function treeOn(base: string, from: string, to: string, except: readonly string[]): Promise<string> {
    if (base === from && except.length === 0) return to
    const left = new Set(except)
    return await withChanges(
      base,
      (await compare(from, to)).filter((change) => !left.has(change.path)),
    )
  }

  async function commitTree(tree: string, parent: string, message: string): Promise<string> {
    const args = ["commit-tree", tree, ...(parent ? ["-p", parent] : []), "-F", "-"]
    return await files(args, { input: message, env: await identity(repository) })
  }

  /**
   * Paths of a task that somebody else committed since and that match that commit in the folder: their version is newer,
   * and committing the checked version would revert it.
   */
  async function committedMeanwhile(headTree: string, from: string, to: string): Promise<string[]> {
    if (headTree === from) return []
    const theirs = new Set((await compare(from, headTree)).map((change) => change.path))
    const both = (await compare(from, to)).map(({ path }) => path).filter((path) => theirs.has(path))
    if (both.length === 0) return []
    const folder = await repository.writeFolder(headTree)
    const open = new Set((await compare(headTree, folder)).map((change) => change.path))
    return both.filter((path) => !open.has(path))
  }

  /** Brings the user's index up to the new commit for our paths only; what they have staged elsewhere stays staged. */
  async function syncIndex(changes: readonly RawChange[]): Promise<void> {
    if (changes.length === 0) return
    await clearLock(join(repository.gitDir, "index.lock"))
    await repository.stage(toIndexLines(changes))
  }

  async function rebase(tree: string): Promise<string> {
    const { tree: headTree } = await head()
    const since = await compare(tree, headTree)
    if (since.length === 0) return tree
    const folder = await repository.writeFolder(headTree)
    const open = new Set((await compare(headTree, folder)).map((change) => change.path))
    return await withChanges(
      tree,
      since.filter((change) => !open.has(change.path)),
    )
  }

  return {
    treeOf: async (from, to, except) => await treeOn((await head()).tree, from, to, except),
    async commit(from, to, options) {
      for (let tries = 0; ; tries++) {
        const on = await head()
        const except = [...options.except, ...(await committedMeanwhile(on.tree, from, to))]
        const tree = await treeOn(on.tree, from, to, except)
        const sha = await commitTree(tree, on.sha, options.message)
        // The index is updated first: after a crash in between, the commit is repeated and then matches the index.
        await syncIndex((await compare(from, to)).filter((change) => !except.includes(change.path)))
        // Fails when HEAD has moved meanwhile, so the user's own commit is never lost.
        const moved = await names(["update-ref", "-m", "aura: task", "HEAD", sha, on.sha]).then(
          () => false,
          (cause: unknown) => {
            if (tries >= 3) throw cause
            return true
          },
        )
        await repository.handOver()
        if (!moved) return { sha, tree }
      }
    },
    rebase,
    async setAside(before, name) {
      const on = await head()
      const now = await repository.writeFolder(on.tree)
      // What the person has committed meanwhile stays.
      const base = await rebase(before)
      const sha = await commitTree(now, on.sha, `Set aside by Aura: ${name}\n`)
      const ref = await keep(repository, `refs/aura/set-aside/${name}`, sha)
      await repository.handOver()
      const changed = await compare(base, now)
      await restore(
        base,
        changed.map((change) => change.path),
      )
      return ref
    },
    async forwardTo(sha) {
      const on = await head()
      if ((await existing([sha])).length === 0)
        throw new AuraError("conflict", `git does not have the commit ${sha.slice(0, 10)} any more.`)
      if (on.sha !== "" && (await notReachable([on.sha], sha)).length > 0)
        throw new AuraError(
          "conflict",
          `The branch has gone another way since ${sha.slice(0, 10)}, so it cannot simply be brought back. Do the task again, or cherry-pick the commit yourself.`,
        )
      const tree = await names(["rev-parse", `${sha}^{tree}`])
      const paths = (await compare(on.tree, tree)).map(({ path }) => path)
      const folder = await repository.writeFolder(on.tree)
      const open = new Set((await compare(on.tree, folder)).map(({ path }) => path))
      const inTheWay = paths.filter((path) => open.has(path))
      if (inTheWay.length > 0)
        throw new AuraError(
          "conflict",
          `Uncommitted changes are in the way: ${inTheWay.slice(0, 5).map(showBytes).join(", ")}. Commit or stash them first.`,
        )
      await restore(tree, paths)
      await syncIndex(await compare(on.tree, tree))
      await names(["update-ref", "-m", "aura: bring back", "HEAD", sha, on.sha])
      await repository.handOver()
    },
  }
}

/** Creates a ref; if the name exists, under another name. */
async function keep({ names }: Repository, ref: string, sha: string): Promise<string> {
  const isNew = await names(["update-ref", ref, sha, ""]).then(
    () => true,
    () => false,
  )
  if (isNew) return ref
  const other = `${ref}-${sha.slice(0, 12)}`
  await names(["update-ref", other, sha])
  return other
}

/** The user's git identity, or Aura's own where none is set. */
async function identity({ names }: Repository): Promise<Record<string, string>> {
  const known = await names(["var", "GIT_AUTHOR_IDENT"]).catch(() => "")
  const [, name = "Aura", email = "aura@localhost"] = /^(.*) <(.*)> \d+ [+-]\d+$/.exec(known) ?? []
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  }
}
