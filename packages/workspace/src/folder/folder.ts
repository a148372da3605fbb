/** Which folders may be a workspace. */
import { constants } from "node:fs"
import { access, realpath, stat } from "node:fs/promises"
import { homedir } from "node:os"
import { isAbsolute, join, relative, resolve, sep } from "node:path"
import { AuraError } from "@aura/core"

/** The folder inside the data directory in which workspaces are allowed. */
export function worktreesDir(dataDir: string): string {
  return join(dataDir, "worktrees")
}

/**
 * @returns the folder's real path, links resolved
 * @throws AuraError `bad_request`, one sentence that says how to fix it
 */
export async function checkFolder(path: string, dataDir: string): Promise<string> {
  if (!isAbsolute(path)) refuse(`The workspace folder must be an absolute path; "${path}" is not.`)
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) =>
    cause.code === "ENOENT"
      ? refuse(`The workspace folder ${path} does not exist. Create it first: mkdir -p ${path}`)
      : refuse(`The workspace folder ${path} cannot be read (${cause.code}).`),
  )
  if (!found.isDirectory()) refuse(`The workspace ${path} is a file. Name a folder.`)
  const real = await realpath(path)
  const home = await realpath(homedir()).catch(() => homedir())
  const data = await realpath(dataDir).catch(() => resolve(dataDir))
  if (real === "/" || resolve(real, "..") === real)
    refuse("The root of the file system cannot be a workspace. Name a folder of its own.")
  if (isWithin(home, real))
    refuse(`${real} holds your whole home directory and cannot be a workspace. Name a folder of its own.`)
  if (isWithin(data, real))
    refuse(`${real} holds Aura's own data and cannot be a workspace. Name another folder.`)
  if (isWithin(real, data) && !isWithin(real, join(data, "worktrees"))) {
    refuse(`${real} is inside Aura's own data directory and cannot be a workspace. Name another folder.`)
  }
  const isWritable = await access(real, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => (found.mode & 0o222) !== 0,
    () => false,
  )
  if (!isWritable)
    refuse(`The workspace folder ${real} is read-only. Aura has to write there: chmod u+w ${real}`)
  return real
}

/**
 * Checks a folder that was attached by its real path: somebody who can write to a parent may have replaced it by a link.
 * @throws AuraError `conflict` when the path now leads elsewhere
 */
export async function refuseReplaced(path: string): Promise<void> {
  const real = await realpath(path).catch(() => path)
  if (real === path) return
  throw new AuraError(
    "conflict",
    `${path} leads to ${real} now: it, or a folder above it, was replaced by a link. Aura does not follow it. Put the folder back, or attach the other one.`,
  )
}

/** True when `path` is `folder` or lies inside it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function refuse(message: string): never {
  throw new AuraError("bad_request", message)
}
