/** One attempt at a task: what it is given, and how it ended. */

import type { Instance, Loop, Project } from "@aura/core"
import type { tasks } from "@aura/domain"
import type { Model } from "@aura/model"
import type { Control } from "./control.ts"
import type { Engine } from "./engine.ts"
import type { Git } from "./git.ts"
import type { Journal } from "./journal.ts"
import type { Workspace } from "./workspaces/workspace.ts"

export type Work = {
  engine: Engine
  loop: Loop
  project: Project
  instance: Instance
  model: Model
  workspace: Workspace
  git: Git
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
