/** One attempt at a task: what it is given, and how it ended. */

import type { Effort, Instance, Loop, Project } from "@aura/core"
import type { tasks } from "@aura/domain"
import type { Model } from "@aura/model"
import type { Checkout, Git, Place, Workspace } from "@aura/workspace"
import type { Control } from "./control.ts"
import type { Engine } from "./engine.ts"
import type { Journal } from "./session/journal.ts"

export type Work = {
  engine: Engine
  loop: Loop
  project: Project
  instance: Instance
  model: Model
  /** How hard it thinks. */
  effort: Effort
  place: Place
  /** The files, commands and search of the place, as far as the project's level permits. */
  workspace: Workspace
  git: Git
  /** Where checks run. */
  checkout: Checkout
  system: string
  control: Control
  journal: Journal
}

/** How an attempt ended. The journal is the session that is open afterwards. */
export type Outcome =
  | { kind: "done"; notes: string; followUps: readonly tasks.FollowUp[] }
  | { kind: "failed"; reason: string }
  | { kind: "blocked"; reason: string }
  | { kind: "stopped" }
  | { kind: "budget"; reason: string }
  | { kind: "provider"; reason: string }
  /** The provider did not understand us: a bug of Aura's. */
  | { kind: "error"; reason: string }

/** How a loop ends, and why, for the person. */
export type Ending = { outcome: NonNullable<Loop["outcome"]>; reason: string }
