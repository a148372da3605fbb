/**
 * When Aura runs as root, files that it creates in a person's folder are given to that person. Each file is held open during
 * the change of owner: by name, a file that replaced it meanwhile would be given away.
 */
import { chown, readdir, stat } from "node:fs/promises"
import { join, relative, sep } from "node:path"
import { toText } from "../byte-path.ts"
import { isWithin } from "./folder.ts"
import { withHeld } from "./held.ts"

type Owner = { uid: number; gid: number }

/** The owner of files that Aura creates in a folder. @returns undefined when no change is needed */
export async function ownerOf(folder: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = await stat(folder)
  return uid === 0 ? undefined : { uid, gid }
}

/**
 * Gives files of root at a path and below, and its parent folders, to the owner.
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
    // A file with a second hard link may belong to somebody else.
    if (found.uid === 0 && (isFolder || found.nlink === 1)) await chown(path, owner.uid, owner.gid)
    if (!isFolder) return
    const [next, ...rest] = way ?? []
    const names = next === undefined ? (await readdir(path, { encoding: "buffer" })).map(toText) : [next]
    for (const name of names) await give(join(path, name), owner, rest.length > 0 ? rest : undefined)
  }).catch((cause: NodeJS.ErrnoException) => {
    // It was removed meanwhile.
    if (cause.code !== "ENOENT") throw cause
  })
}
