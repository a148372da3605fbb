/** Snapshots: which there are, and which are old enough to go. What they hold lies with the engine. */
import { AuraError, type Snapshot } from "@aura/core"
import type { RowPage } from "@aura/store"
import { type Aura, timestamp } from "./aura.ts"

/** Oldest first. */
export async function list(aura: Aura, projectId?: string, page?: RowPage): Promise<Snapshot[]> {
  return await aura.store.list("snapshots", projectId === undefined ? {} : { projectId }, page)
}

/** @throws AuraError `not_found` */
export async function get(aura: Aura, projectId: string, id: string): Promise<Snapshot> {
  const snapshot = await aura.store.get("snapshots", id)
  if (snapshot?.projectId !== projectId) throw new AuraError("not_found", "There is no such snapshot.")
  return snapshot
}

export async function record(aura: Aura, taken: Omit<Snapshot, "at">): Promise<Snapshot> {
  const snapshot = { ...taken, at: timestamp(aura) }
  await aura.store.commit("snapshot.taken", { projectId: taken.projectId, rows: { snapshots: [snapshot] } })
  return snapshot
}

export async function remove(aura: Aura, projectId: string, ids: readonly string[]): Promise<void> {
  await aura.store.commit("snapshot.removed", { projectId, rows: {}, removed: { snapshots: [...ids] } })
}

/** Says that the folder is as it was in a snapshot. */
export async function restored(aura: Aura, snapshot: Snapshot): Promise<void> {
  const { projectId } = snapshot
  await aura.store.commit("snapshot.restored", { projectId, rows: { snapshots: [snapshot] } })
}

/** The rules above, bound to one memory. */
export function rowsOf(aura: Aura) {
  return {
    list: (projectId?: string) => list(aura, projectId),
    record: (taken: Omit<Snapshot, "at">) => record(aura, taken),
    remove: (projectId: string, ids: readonly string[]) => remove(aura, projectId, ids),
    restored: (snapshot: Snapshot) => restored(aura, snapshot),
  }
}
