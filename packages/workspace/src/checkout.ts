/** The seam of clean checkouts: where checks run on exactly what a commit would hold. */
import type { RunOptions, RunResult, Workspace } from "./workspace.ts"

/**
 * @property frozen files that the command can read and not write; without a sandbox of Linux's kind it is merely asked not to
 * @property isSealed true: nothing of it is left where a later command could find it, neither its output nor anything that
 * it writes into installed dependencies, and it reaches no network
 */
export type CheckOptions = RunOptions & { frozen?: readonly string[]; isSealed?: boolean }

/** `isChanged`: its content is another one now, or it is gone; else it was written with the same content. */
export type Touched = { path: string; isChanged: boolean }

/** One at a time for each workspace. */
export type Checkout = {
  /**
   * Makes it what a clone of a tree is: the tree's files, the dependencies that are installed in the workspace, an empty
   * temporary folder. Nothing that ran there before is left.
   */
  reset(tree: string): Promise<void>
  /** Its files, and commands on them. */
  readonly folder: Workspace
  /** As `Workspace.run`; the command finds itself in the workspace, and sees the checkout's files there. */
  run(command: string, options: CheckOptions): Promise<RunResult>
  /** Files of the tree that were written or removed since, by their paths from the workspace. */
  touched(): Promise<Touched[]>
  /** Keeps what was made besides the tree's files, such as by a build; `goBack` makes it so again. */
  keep(): Promise<void>
  goBack(): Promise<void>
  /** Removes it. */
  remove(): Promise<void>
}
