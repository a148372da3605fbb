/** What the work is given: the rules, a model for a project, and who is at work right now. */

import type { Instance, Project, Sight, Usage } from "@aura/core"
import type { Aura } from "@aura/domain"
import type { Model } from "@aura/model"
import type { MediaStore, Moment, OpenedWorkspace, Workspace } from "@aura/workspace"
import type { Control } from "./loop/control.ts"

export type Engine = {
  aura: Aura
  /** The model that answers for a project: Claude, or the rehearsal's screenplay. */
  modelFor(project: Project): Promise<Model>
  /** Window and price of a model by its id. */
  findModel(id: string): ModelFacts
  /** The folder an instance works in, with its repository. */
  openWorkspace(project: Project, instance: Instance): Promise<OpenedWorkspace>
  /**
   * Says before any work or cost whether a folder can be worked in; changes nothing. Absent where folders are not real.
   * @returns its real path, or that of the repository around it
   * @throws AuraError `conflict` when not
   */
  checkFolder?(path: string | null): Promise<string | undefined>
  /** A folder to look into. */
  openFolder(path: string): Workspace
  /** Keeps a folder as it is, before something that may cost files of it. Absent where folders are not real. */
  keepFolder?(of: Moment): Promise<unknown>
  /** Where pictures and PDFs are kept that models are shown. Absent where folders are not real: then none is shown. */
  media?: MediaStore
  /** Platform and tools with versions, as commands find them. Absent where folders are not real. */
  describeMachine?(): Promise<string>
  /** Told of a failure that could not be stored, such as that of the store itself. */
  report?(thrown: unknown): void
  /** What is going on in this process, by loop or plan id. */
  running: Map<string, Control>
}

export type ModelFacts = {
  contextWindow: number
  maxOutput: number
  /** What it sees beside text. */
  sees: readonly Sight[]
  /** False where nobody knows what it costs: no budget in USD can hold. */
  isPriced: boolean
  /** USD per million tokens, where known. */
  rates: { input: number; cacheWrite: number; cacheRead: number; output: number } | null
  /** USD for so many tokens; 0 where no price is known. */
  price(tokens: Omit<Usage, "costUsd">): number
}

/** Waits until nothing is going on any more. */
export async function idle(engine: Engine): Promise<void> {
  while (engine.running.size > 0)
    await Promise.all([...engine.running.values()].map((control) => control.finished))
}

/** Brings all that is going on to rest, to be gone on with at the next start, and waits for it. */
export async function suspendAll(engine: Engine): Promise<void> {
  for (const control of engine.running.values()) control.leave()
  await idle(engine)
}
