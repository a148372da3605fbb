/**
 * Holds files and folders open by inode, so that a replacement under the same name is neither followed nor
 * changed. On systems without `/proc`, uses the path.
 */
import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { basename, dirname } from "node:path"
import { toPath as asPath } from "../byte-path.ts"

const isLinux = process.platform === "linux"
/** O_PATH of Linux: a handle that needs no read permission. */
const placeOnly = 0o10000000
const noFollow = constants.O_NOFOLLOW ?? 0
const isFolder = constants.O_DIRECTORY ?? 0

/** @returns a path that always leads to this folder while it is held; fails with ELOOP or ENOTDIR for anything else */
export async function holdFolder(held: FileHandle[], folder: string): Promise<string> {
  return toPath(held, folder, await open(asPath(folder), (isLinux ? placeOnly : 0) | isFolder | noFollow))
}

/**
 * Holds the entry at a path; a link itself, not its target.
 * @param use gets a path that always leads to it
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
 * Holds every parent folder of a path.
 * @param path relative, separated by "/"
 * @param use gets a path that cannot be redirected by replacing a parent
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
