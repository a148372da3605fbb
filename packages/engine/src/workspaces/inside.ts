/** Keeps paths inside a folder: by spelling, and by where links really lead. */
import { lstat, realpath } from "node:fs/promises"
import { dirname, isAbsolute, relative, resolve, sep } from "node:path"
import { AuraError } from "@aura/core"

/**
 * @returns the absolute path, inside `root` once every link on the way is resolved
 * @throws AuraError `forbidden` when it leads outside or into the repository's own files
 */
export async function resolveInside(root: string, path: string): Promise<string> {
  if (path.includes("\0")) throw new AuraError("bad_request", "A path cannot hold a NUL character.")
  const absolute = resolve(root, path)
  refuseOutside(root, absolute, path)
  const real = await realpathOfExisting(absolute)
  refuseOutside(await realpath(root), real, path)
  return absolute
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
  const isThere = await lstat(absolute).then(
    () => true,
    () => false,
  )
  if (isThere) {
    return await realpath(absolute).catch(() => {
      throw new AuraError("forbidden", `${absolute} is a link that leads nowhere.`)
    })
  }
  const parent = dirname(absolute)
  return parent === absolute
    ? absolute
    : resolve(await realpathOfExisting(parent), relative(parent, absolute))
}
