/** The way back: one at a time, with no agent at work; one that starts meanwhile waits for the end of it. */
import { AuraError, type Snapshot } from "@aura/core"
import { agents, projects } from "@aura/domain"
import type { PlaceSnapshots } from "@aura/workspace"
import { key as chatKey } from "../chat-key.ts"
import { createControl } from "../control.ts"
import type { Engine } from "../engine.ts"

const what = "The folder cannot be taken back"
const keyOf = (projectId: string) => `way back ${projectId}`

/** @throws AuraError `conflict` while an agent works, plans or answers, or another way back is gone */
export async function goBackTo(
  engine: Engine,
  snapshots: Pick<PlaceSnapshots, "restore">,
  snapshot: Snapshot,
): ReturnType<PlaceSnapshots["restore"]> {
  const { projectId } = snapshot
  if (engine.running.has(keyOf(projectId)))
    throw new AuraError("conflict", `${what}: it is being taken back already. Wait for the end of it.`)
  const control = createControl()
  // Before the look at who works: who starts after it finds this and waits.
  engine.running.set(keyOf(projectId), control)
  try {
    await projects.refuseWhileBusy(engine.aura.store, projectId, what)
    const instances = await agents.listInstances(engine.aura, projectId)
    const busy = instances.find((instance) => engine.running.has(chatKey(instance.id)))
    if (busy)
      throw new AuraError("conflict", `${what} while ${busy.name} is answering. Wait for the end of it.`)
    return await snapshots.restore(snapshot)
  } finally {
    engine.running.delete(keyOf(projectId))
    control.finish()
  }
}

/** Waits until the project's folder is not being taken back. */
export async function whenBack(engine: Engine, projectId: string): Promise<void> {
  await engine.running.get(keyOf(projectId))?.finished
}
