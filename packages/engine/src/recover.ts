/** At boot: whatever a crash left half-way is put into a state that is true, and what was running goes on. */
import { type Aura, loops, plans, tasks } from "@aura/domain"
import type { Engine } from "./engine.ts"
import { startLoop } from "./loop.ts"

/** Called before the first request is served. Returns the loops that were running, as they were. */
export async function recover(
  aura: Aura,
): Promise<{ projectId: string; instanceId: string; onlyTaskId: string | null }[]> {
  await plans.recover(aura)
  const interrupted = await loops.recover(aura)
  await tasks.recover(aura)
  return interrupted.filter((loop) => loop.status === "running" || loop.status === "pausing")
}

/** Starts again the loops a crash ended. A loop that cannot start says so in its own row. */
export async function goOn(engine: Engine, interrupted: Awaited<ReturnType<typeof recover>>): Promise<void> {
  for (const { projectId, instanceId, onlyTaskId } of interrupted) {
    await startLoop(engine, projectId, { instanceId, onlyTaskId: onlyTaskId ?? undefined })
  }
}
