/**
 * Where Aura runs as root, files that it makes in a person's folder belong to that person. Each is held open while it
 * changes hands: by its name alone, what somebody puts there meanwhile would be given away.
 */
import { chown, readdir, stat } from "node:fs/promises"
import { join, relative, sep } from "node:path"
import { toText } from "../byte-path.ts"
import { isWithin } from "./folder.ts"
import { withHeld } from "./held.ts"

type Owner = { uid: number; gid: number }

/** Who gets what Aura makes in a folder. @returns undefined where nothing has to change hands */
export async function ownerOf(folder: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = await stat(folder)
  return uid === 0 ? undefined : { uid, gid }
}

/**
 * What root owns at a path and below, and the folders on the way to it.
 * @param folder whose owner it gets
 */
export async function giveToOwner(path: string, folder: string): Promise<void> {
  const owner = await ownerOf(folder)
  if (!owner) return
  const parts = relative(folder, path).split(sep)
  // The repository of a worktree lies elsewhere.
  if (isWithin(path, folder) && path !== folder) await give(folder, owner, parts)
  else await give(path, owner)
}

/** @param way names of the one entry that is meant; without it, all */
async function give(place: string, owner: Owner, way?: readonly string[]): Promise<void> {
  await withHeld(place, async (path, handle) => {
    const found = await handle.stat()
    const isFolder = found.isDirectory()
    // A file with a second name may be somebody else's, linked here.
    if (found.uid === 0 && (isFolder || found.nlink === 1)) await chown(path, owner.uid, owner.gid)
    if (!isFolder) return
    const [next, ...rest] = way ?? []
    const names = next === undefined ? (await readdir(path, { encoding: "buffer" })).map(toText) : [next]
    for (const name of names) await give(join(path, name), owner, rest.length > 0 ? rest : undefined)
  }).catch((cause: NodeJS.ErrnoException) => {
    // It went away meanwhile.
    if (cause.code !== "ENOENT") throw cause
  })
}
