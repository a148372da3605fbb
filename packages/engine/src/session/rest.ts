/** Rest at a boundary while a person has paused the loop. */
import { loops } from "@aura/domain"
import type { Work } from "../attempt.ts"

/** @returns `stopped` when the loop is to end */
export async function restWhilePaused({ engine, control, loop }: Work): Promise<"stopped" | undefined> {
  while (control.pausesAt("step") && !control.isStopping) {
    await loops.paused(engine.aura, loop.id, "Paused by you.")
    await control.whenResumed()
  }
  return control.isStopping ? "stopped" : undefined
}
