/** Snapshots of the in-memory folder: copies of its files. */
import { AuraError, type Snapshot, type SnapshotChange } from "@aura/core"
import { createTwoFilesPatch } from "diff"
import type { Occasion, PlaceSnapshots } from "../place.ts"
import type { SnapshotRows } from "../snapshots/snapshots.ts"
import type { MemoryFiles } from "./memory.ts"

/** The files of each snapshot, by its id. */
export type KeptFiles = Map<string, ReadonlyMap<string, string>>

export function openMemorySnapshots(of: {
  files: MemoryFiles
  kept: KeptFiles
  root: string
  newId: () => string
  rows: SnapshotRows
}): PlaceSnapshots {
  const { files, kept, root, newId, rows } = of

  function open({ id }: Snapshot): ReadonlyMap<string, string> {
    const found = kept.get(id)
    if (found) return found
    throw new AuraError("conflict", "The snapshot's list of files is lost or damaged; nothing was changed.")
  }

  async function take(occasion: Occasion): Promise<Snapshot> {
    const id = newId()
    kept.set(id, new Map(files))
    const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    return await rows.record({ ...occasion, id, root, files: files.size, bytes, leftOut: [] })
  }

  return {
    take,
    async preview(snapshot) {
      const changes = compare(open(snapshot), files)
      return { total: changes.length, changes }
    },
    async restore(snapshot) {
      const then = open(snapshot)
      const { projectId, instanceId } = snapshot
      const why = `Before going back to ${snapshot.at}`
      const before = await take({ projectId, instanceId, taskId: null, kind: "restore", why })
      const changed = compare(then, files).length
      files.clear()
      for (const [path, text] of then) files.set(path, text)
      await rows.restored(snapshot)
      return { changed, before }
    },
  }
}

function compare(then: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): SnapshotChange[] {
  const paths = [...new Set([...then.keys(), ...now.keys()])].toSorted()
  return paths.flatMap((path): SnapshotChange[] => {
    const [old, text] = [then.get(path), now.get(path)]
    if (old === text) return []
    const op = old === undefined ? "removed" : text === undefined ? "brought_back" : "changed"
    const diff = createTwoFilesPatch(path, path, text ?? "", old ?? "")
    return [{ path, op, bytes: Buffer.byteLength(old ?? text ?? ""), diff }]
  })
}
