/**
 * Holds files and folders open by their inode, so that what is swapped in under a name meanwhile is neither followed nor
 * changed. Where a system has no `/proc`, the path itself has to do.
 */
import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { basename, dirname } from "node:path"
import { toPath as asPath } from "../byte-path.ts"

const isLinux = process.platform === "linux"
/** O_PATH of Linux: a handle to the place alone, which needs no right to read it. */
const placeOnly = 0o10000000
const noFollow = constants.O_NOFOLLOW ?? 0
const isFolder = constants.O_DIRECTORY ?? 0

/** @returns a path that leads to this folder alone, as long as it is held; fails with ELOOP or ENOTDIR for anything else */
export async function holdFolder(held: FileHandle[], folder: string): Promise<string> {
  return toPath(held, folder, await open(asPath(folder), (isLinux ? placeOnly : 0) | isFolder | noFollow))
}

/**
 * Holds whatever lies at a place, a link itself and not what it leads to.
 * @param use is given a path that leads to it alone
 */
export async function withHeld<T>(
  place: string,
  use: (path: string, handle: FileHandle) => Promise<T>,
): Promise<T> {
  const flags = isLinux ? placeOnly : constants.O_RDONLY | constants.O_NONBLOCK
  const handle = await open(asPath(place), flags | noFollow)
  try {
    return await use(isLinux ? `/proc/self/fd/${handle.fd}` : place, handle)
  } finally {
    await handle.close()
  }
}

/**
 * Holds every folder on the way to a path.
 * @param path relative, its parts parted by "/"
 * @param use is given a path of the place that no swap on the way can turn elsewhere
 */
export async function withParentHeld<T>(
  root: string,
  path: string,
  use: (place: string) => Promise<T>,
): Promise<T> {
  const held: FileHandle[] = []
  try {
    let folder = await holdFolder(held, root)
    for (const part of dirname(path).split("/"))
      if (part !== ".") folder = await holdFolder(held, `${folder}/${part}`)
    return await use(`${folder}/${basename(path)}`)
  } finally {
    await Promise.all(held.map((handle) => handle.close()))
  }
}

function toPath(held: FileHandle[], folder: string, handle: FileHandle): string {
  held.push(handle)
  return isLinux ? `/proc/self/fd/${handle.fd}` : folder
}
