/** Keeps paths inside a folder: checks the path itself, and where links lead. */
import { chown, type FileHandle, lstat, mkdir, realpath } from "node:fs/promises"
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path"
import { AuraError } from "@aura/core"
import { toPath, toText } from "../byte-path.ts"
import { refuseReplaced } from "./folder.ts"
import { holdFolder } from "./held.ts"
import { ownerOf } from "./owner.ts"

/**
 * @param root a real path
 * @returns the absolute path, inside `root` once every link on the way is resolved
 * @throws AuraError `forbidden` when it leads outside or into the repository's own files
 */
export async function resolveInside(root: string, path: string): Promise<string> {
  if (path.includes("\0")) throw new AuraError("bad_request", "A path cannot hold a NUL character.")
  const absolute = resolve(root, path)
  refuseOutside(root, absolute, path)
  await refuseReplaced(root)
  const real = await realpathOfExisting(absolute)
  refuseOutside(await realpath(root), real, path)
  return absolute
}

type Way = {
  /** Creates missing parent folders. */
  makes?: boolean
  /** True: if the path is a link, use the link, not its target. */
  isLink?: boolean
  /** True: the path is a folder, which is held too. */
  isFolder?: boolean
}

/**
 * Descends to a path folder by folder; each is held open and none is a link, so that a folder replaced by a link after the
 * check is not followed. On systems without `/proc`, only the check applies.
 * @param use gets a path that cannot be redirected by replacing a parent; the entry itself may not exist
 * @throws AuraError like `resolveInside`, `not_found` or `bad_request` when a parent is missing or not a folder
 */
export async function goInside<T>(
  root: string,
  path: string,
  way: Way,
  use: (place: string) => Promise<T>,
): Promise<T> {
  const absolute = await resolveInside(root, path)
  const realRoot = await realpath(root)
  const real = way.isLink
    ? join(await realpathOfExisting(dirname(absolute)), basename(absolute))
    : await realpathOfExisting(absolute)
  const parts = relative(realRoot, real).split(sep).filter(Boolean)
  const name = way.isFolder ? "." : (parts.pop() ?? ".")
  const held: FileHandle[] = []
  try {
    let folder = await hold(held, realRoot, path)
    for (const part of parts) {
      const next = join(folder, part)
      const isNew = way.makes === true && (await mkdir(toPath(next)).then(() => true, ignoreExisting))
      folder = await hold(held, next, path)
      const owner = isNew ? await ownerOf(realRoot) : undefined
      if (owner) await chown(folder, owner.uid, owner.gid)
    }
    // Joined manually: `join` would drop a final ".", which makes the path lead to the folder, not to the link that holds it.
    return await use(`${folder}/${name}`)
  } catch (cause) {
    throw explain(cause, path)
  } finally {
    await Promise.all(held.map((handle) => handle.close()))
  }
}

const refusals: ReadonlyMap<unknown, string> = new Map([
  ["ENAMETOOLONG", "has too long a name."],
  ["EACCES", "may not be read or written by Aura."],
  ["EPERM", "may not be read or written by Aura."],
  ["EROFS", "lies on a disk that can only be read."],
  ["ENOTDIR", "leads through something that is no folder."],
  ["ELOOP", "is a link that leads in a circle."],
  ["EINVAL", "cannot be put there."],
  ["EXDEV", "cannot be put there: it is another disk."],
  ["EBUSY", "is in use by the system."],
])

/** System errors that a person can fix. */
function explain(cause: unknown, path: string): unknown {
  const why = cause instanceof Error && "code" in cause ? refusals.get(cause.code) : undefined
  return why ? new AuraError("bad_request", `${path.slice(0, 200)} ${why}`) : cause
}

async function hold(held: FileHandle[], folder: string, asked: string): Promise<string> {
  return await holdFolder(held, folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") throw new AuraError("not_found", `There is no ${asked}.`)
    if (cause.code === "ELOOP" || cause.code === "ENOTDIR")
      throw new AuraError("bad_request", `${asked} is not a folder, or one on the way to it is none.`)
    throw cause
  })
}

function ignoreExisting(cause: NodeJS.ErrnoException): boolean {
  if (cause.code !== "EEXIST") throw cause
  return false
}

/** `a/b` for `<root>/a/b`; "." for the root. */
export function toRelative(root: string, absolute: string): string {
  return relative(root, absolute).split(sep).join("/") || "."
}

function refuseOutside(root: string, absolute: string, asked: string): void {
  const way = relative(root, absolute)
  if (way.startsWith("..") || isAbsolute(way)) {
    throw new AuraError("forbidden", `${asked} is outside the workspace. Use a path relative to its root.`)
  }
  if (way.split(sep).some((part) => part.toLowerCase() === ".git")) {
    throw new AuraError("forbidden", `${asked} belongs to git itself. Aura makes the commits.`)
  }
}

/** The real path of the deepest part that exists, with the rest appended. */
async function realpathOfExisting(absolute: string): Promise<string> {
  const isThere = await lstat(toPath(absolute)).then(
    () => true,
    () => false,
  )
  if (isThere) {
    return await realpath(toPath(absolute), "buffer").then(toText, () => {
      throw new AuraError("forbidden", `${absolute} is a link that leads nowhere.`)
    })
  }
  const parent = dirname(absolute)
  return parent === absolute
    ? absolute
    : resolve(await realpathOfExisting(parent), relative(parent, absolute))
}
