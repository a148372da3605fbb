/** The seam of the place: one folder, wherever it is, and all that Aura does there. `test/place.ts` says what every kind does. */
import type { Snapshot, SnapshotPreview, TerminalView } from "@aura/core"
import type { Checkout } from "./checkout.ts"
import type { Git } from "./git/git.ts"
import type { Workspace } from "./workspace.ts"

/** Why a snapshot is taken, and for whom. */
export type Occasion = Pick<Snapshot, "projectId" | "instanceId" | "taskId" | "kind" | "why">

export type PlaceSnapshots = {
  /** @throws AuraError `service_unavailable` when there is no room or the folder cannot be read */
  take(of: Occasion): Promise<Snapshot>
  preview(snapshot: Snapshot): Promise<SnapshotPreview>
  /** Makes the folder as it was, after a snapshot of how it is. @throws AuraError `conflict` when a file of it is lost */
  restore(snapshot: Snapshot): Promise<{ changed: number; before: Snapshot }>
}

/** What a place of some kind cannot offer, and why, for people. */
export type Unavailable = { kind: "unavailable"; reason: string }

export type PlaceTerminals = {
  kind: "available"
  /** Opens a shell in the folder. */
  create(of: { projectId: string; cols: number; rows: number }): Promise<TerminalView>
}

/** Its files on this machine, for other programs of this machine. */
export type HostFiles = {
  kind: "available"
  /** @returns the absolute path. @throws AuraError `forbidden` when it leads outside the folder */
  resolve(path: string): Promise<string>
}

export type Prepared = {
  /** Files, commands and search; what it writes waits while the disk is full, as `git` does. */
  workspace: Workspace
  git: Git
  checkout: Checkout
  /** What the person should know: what was set up, what is uncommitted. */
  notes: string[]
}

export interface Place {
  readonly root: string
  /** Files, commands and search. */
  readonly workspace: Workspace
  readonly snapshots: PlaceSnapshots
  readonly terminals: PlaceTerminals | Unavailable
  readonly hostFiles: HostFiles | Unavailable
  /** Platform, and tools with their versions, as commands find them. */
  describeMachine(): Promise<string>
  /**
   * Tells before any work or cost whether the folder can be worked in; changes nothing.
   * @returns the top of its repository, or the folder itself where there is none
   * @throws AuraError `conflict` or `bad_request` when not
   */
  check(): Promise<string>
  /** The repository around the folder; undefined where there is none. Changes nothing. */
  findGit(): Promise<Git | undefined>
  /** A clean checkout of its repository. @throws AuraError `conflict` where there is none, `service_unavailable` without a sandbox */
  checkout(): Promise<Checkout>
  /**
   * Prepares the folder for work: makes a repository where there is none, and tries whether commands can run.
   * @throws AuraError when it no longer exists, is read-only or in the middle of a merge, or has no sandbox
   */
  prepare(): Promise<Prepared>
}
