/** The seam of clean checkouts: where checks run on exactly what a commit would hold. */
import type { RunOptions, RunResult, Workspace } from "./workspace.ts"

/**
 * @property frozen files that are read-only for the command; without bubblewrap this is not enforced
 * @property isSealed true: leaves nothing that a later command could read, neither its output nor changes
 * to installed dependencies, and has no network
 */
export type CheckOptions = RunOptions & { frozen?: readonly string[]; isSealed?: boolean }

/** `isChanged`: its content changed, or it was removed; otherwise it was written with the same content. */
export type Touched = { path: string; isChanged: boolean }

/** One at a time for each workspace. */
export type Checkout = {
  /**
   * Resets it to a clone of a tree: the tree's files, the dependencies installed in the workspace, and an empty
   * temporary folder. Nothing from earlier commands remains.
   */
  reset(tree: string): Promise<void>
  /** Its files, and commands on them. */
  readonly folder: Workspace
  /** As `Workspace.run`; the command sees the checkout's files at the path of the workspace. */
  run(command: string, options: CheckOptions): Promise<RunResult>
  /** Files of the tree that were written or removed since, by their paths from the workspace. */
  touched(): Promise<Touched[]>
  /** Saves the current state, such as after a build; `goBack` restores it. */
  keep(): Promise<void>
  goBack(): Promise<void>
  /** Removes it. */
  remove(): Promise<void>
}
