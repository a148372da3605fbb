/** What the work is given: the rules, a model for a project, and who is at work right now. */

import type { Instance, Project, Sight, Usage } from "@aura/core"
import type { Aura } from "@aura/domain"
import type { Model } from "@aura/model"
import type { MediaStore, Place } from "@aura/workspace"
import type { Control } from "./control.ts"

export type Engine = {
  aura: Aura
  /** The model that answers for a project: Claude, or the rehearsal's screenplay. */
  modelFor(project: Project): Promise<Model>
  /** Window and price of a model by its id. */
  findModel(id: string): ModelFacts
  /**
   * The place an instance works in; without an instance, that of the project's own folder.
   * @throws AuraError `service_unavailable` for a kind of workspace that this version cannot open
   */
  openPlace(project: Project, instance?: Instance): Place
  /** Where pictures and PDFs are kept that models are shown. Absent where folders are not real: then none is shown. */
  media?: MediaStore
  /** Where the browser is that pages are looked at with; undefined or absent: none is. */
  browser?: string | undefined
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
