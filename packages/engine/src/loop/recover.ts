/** At boot: whatever a crash left half-way is put into a state that is true, and what was running goes on. */
import { type Loop, toMessage } from "@aura/core"
import { type Aura, loops, plans, tasks } from "@aura/domain"
import { mark } from "../crash-points.ts"
import type { Engine } from "../engine.ts"
import { startLoop } from "./loop.ts"

/** Called before the first request is served. Returns the loops that were running. */
export async function recover(aura: Aura): Promise<Loop[]> {
  await plans.recover(aura)
  const interrupted = await loops.recover(aura)
  await tasks.recover(aura)
  mark(aura, "boot.recovered")
  return interrupted
}

/** Starts again the loops a crash ended. A loop that cannot start says so in its own row. */
export async function goOn(engine: Engine, interrupted: readonly Loop[]): Promise<void> {
  for (const { id, projectId, instanceId, onlyTaskId } of interrupted) {
    const again = { instanceId, onlyTaskId: onlyTaskId ?? undefined, replaces: id }
    await startLoop(engine, projectId, again).catch((thrown: unknown) =>
      loops.finish(engine.aura, id, "stopped", toMessage(thrown)),
    )
  }
  mark(engine.aura, "boot.gone_on")
}
