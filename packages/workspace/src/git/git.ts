/** Git as Aura uses it: trees of the folder without touching the user's index, one commit per task, and no rewritten history. */
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
  /** The path from the top of the repository to the workspace: "" or a path that ends with a slash. */
  prefix: string
  /** The tree of the current files, without ignored ones. Changes neither the index nor files. */
  snapshot(): Promise<string>
  headTree(): Promise<string>
  /** Paths that differ between two trees. */
  changes(from: string, to: string): Promise<FileChange[]>
  /** The lines that one tree adds to another; binary files are omitted. */
  added(from: string, to: string): Promise<AddedText[]>
  /** The full texts of the files that differ between two trees; binary and unwanted files are omitted. */
  texts(from: string, to: string, isWanted: (path: string) => boolean): Promise<ChangedText[]>
  /** A text file of a tree, by its path from the workspace; `null` where there is none. */
  read(tree: string, path: string): Promise<string | null>
  /** The names of the top-level entries of the workspace in a tree. */
  list(tree: string): Promise<string[]>
  /** Commits the changes between two trees on top of HEAD, except for some paths. */
  commit(
    from: string,
    to: string,
    options: { except: readonly string[]; message: string },
  ): Promise<{ sha: string; tree: string }>
  /** A tree in which some paths are taken from another one. */
  withPaths(tree: string, source: string, paths: readonly string[]): Promise<string>
  /** The tree that `commit` would make. */
  treeOf(from: string, to: string, except: readonly string[]): Promise<string>
  /** The commit in HEAD's history with this trailer, if any. */
  findCommit(trailer: string): Promise<string | undefined>
  /**
   * The tree plus everything committed since that is unchanged in the folder: the work of other people and other
   * tasks does not count as a change of the task that started on this tree.
   */
  rebase(tree: string): Promise<string>
  /** Stores the folder's state under a ref of Aura's own, then restores the paths changed since `base`. Returns the ref. */
  setAside(base: string, name: string): Promise<string>
  /** The commits that are missing on the branch; one with the same `Aura-Proof` trailer counts as the commit. */
  standing(shas: readonly string[]): Promise<{ branch: string; missing: ReadonlySet<string> }>
  /**
   * Moves HEAD forward to a commit that follows it, and the folder with it.
   * @throws AuraError `conflict` when it does not follow HEAD, or uncommitted changes are in the way
   */
  forwardTo(sha: string): Promise<void>
  /** Files written since then that no commit would contain. */
  uncommitted(tree: string, since: Since): Promise<Uncommitted[]>
  /**
   * The paths, from the top, that have a filter such as Git LFS. Aura runs no filters, so it would commit the content that the
   * filter is meant to replace.
   * @param of paths, or a tree for all its paths
   */
  filtered(of: readonly string[] | string): Promise<Map<string, string>>
  /** Restores single paths from a tree. */
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
