/** Aura's git: snapshots beside the user's index, one commit per task, and no rewriting of anything. */
import type { FileChange } from "@aura/core"
import { createBranch } from "./branch.ts"
import { createCommits } from "./commits.ts"
import { createHistory, type LoggedCommit } from "./history.ts"
import type { AddedText } from "./raw-diff.ts"
import type { Repository } from "./repository.ts"
import { type ChangedText, createTrees } from "./trees.ts"
import { findUncommitted, type Since, type Uncommitted } from "./uncommitted.ts"

export type Git = {
  root: string
  /** What leads from the top of the repository to the workspace: "" or a path with a slash at its end. */
  prefix: string
  /** The tree of all files as they are now, what git ignores left out. Touches neither index nor files. */
  snapshot(): Promise<string>
  headTree(): Promise<string>
  /** Paths that differ between two trees. */
  changes(from: string, to: string): Promise<FileChange[]>
  /** What the files of one tree hold beyond those of another; binary files are left out. */
  added(from: string, to: string): Promise<AddedText[]>
  /** The whole texts of the files that differ between two trees; binary files, and those not wanted, are left out. */
  texts(from: string, to: string, isWanted: (path: string) => boolean): Promise<ChangedText[]>
  /** A text file of a tree, by its path from the workspace; `null` where there is none. */
  read(tree: string, path: string): Promise<string | null>
  /** Names of what lies at the top of the workspace in a tree. */
  list(tree: string): Promise<string[]>
  /** Commits, on top of HEAD, exactly the changes between two trees but for the paths left out. Returns the sha. */
  commit(
    from: string,
    to: string,
    options: { except: readonly string[]; message: string },
  ): Promise<{ sha: string; tree: string }>
  /** A tree with some paths as they are in another. */
  withPaths(tree: string, source: string, paths: readonly string[]): Promise<string>
  /** The tree that `commit` would make. */
  treeOf(from: string, to: string, except: readonly string[]): Promise<string>
  /** The commit on HEAD's history with this trailer, if any. */
  findCommit(trailer: string): Promise<string | undefined>
  /**
   * The tree with all that was committed since and lies in the folder as committed: other people's work and other
   * tasks' are no changes of whoever began on this tree.
   */
  rebase(tree: string): Promise<string>
  /** Keeps the folder's state under a ref of Aura's own, then puts the paths changed since `base` back. Returns the ref. */
  setAside(base: string, name: string): Promise<string>
  /** Which of some commits the branch holds no more: itself, or another one with the same `Aura-Proof` line. */
  standing(shas: readonly string[]): Promise<{ branch: string; missing: ReadonlySet<string> }>
  /**
   * Moves HEAD forward to a commit that follows it, and the folder with it.
   * @throws AuraError `conflict` when it does not follow HEAD, or uncommitted changes are in the way
   */
  forwardTo(sha: string): Promise<void>
  /** What was written in the folder since and is not in its tree, which no commit would hold. */
  uncommitted(tree: string, since: Since): Promise<Uncommitted[]>
  /**
   * Of paths from the top, those that a filter such as Git LFS's is named for. Aura runs none: it would commit what the
   * filter is there to replace.
   * @param of paths, or a tree for all that it holds
   */
  filtered(of: readonly string[] | string): Promise<Map<string, string>>
  /** Puts single paths back to how they were in a tree. */
  restore(tree: string, paths: readonly string[]): Promise<void>
  /**
   * The text of a file in the last commit, by its path from the workspace; null where it is not in it.
   * @throws AuraError `bad_request` for a folder, a binary or a file over 10 MB
   */
  committed(path: string): Promise<string | null>
  /** The first parent of a commit; the empty tree for a commit without one. */
  parentOf(sha: string): Promise<string>
  /** Each file that differs between two trees or commits, with its diff as text, without the closing newline. */
  diff(from: string, to: string): Promise<(FileChange & { text: string })[]>
  /** Applies a diff to the folder in reverse. @throws AuraError `conflict` when it does not fit */
  undo(diff: string): Promise<void>
  /** Who wrote a line of the last commit: the commit, and the line's text; undefined where there is none. */
  blame(path: string, line: number): Promise<{ sha: string; text: string } | undefined>
  /** The whole hash of a commit, by how it begins. */
  findHash(prefix: string): Promise<string | undefined>
  /** `taskId` is "" for a commit without the trailer `Aura-Task`. */
  describe(sha: string): Promise<{ taskId: string; author: string; subject: string }>
  /** The commits of the branch, oldest first, each after its parents. */
  log(): Promise<LoggedCommit[]>
}

export function createGit(repository: Repository): Git {
  const trees = createTrees(repository)
  const branch = createBranch(repository)
  return {
    root: repository.root,
    snapshot: async () => await repository.writeFolder(await branch.headTree()),
    uncommitted: async (tree, since) => await findUncommitted(repository, tree, since),
    ...trees,
    ...branch,
    ...createCommits(repository, trees, branch),
    ...createHistory(repository, trees),
  }
}
