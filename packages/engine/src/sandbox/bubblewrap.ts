/** A box as arguments of bubblewrap: namespaces of its own, the system read-only, the workspace writable, nothing else. */
import { readFileSync } from "node:fs"
import { dirname, isAbsolute, join, resolve } from "node:path"
import type { Box } from "./box.ts"

const system = ["/usr", "/etc", "/opt", "/nix/store"]
/** Links into /usr on most machines, folders on some. */
const merged = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
/** Of the system, what only root may read; Aura may run as root. */
const secrets = ["/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers"]
const secretFolders = ["/etc/ssl/private", "/etc/ssh", "/etc/sudoers.d"]

/** @param exists whether a path is there */
export function toBubblewrap(box: Box, exists: (path: string) => boolean): string[] {
  const readOnly = (path: string) => (exists(path) ? ["--ro-bind", path, path] : [])
  const isInside = (path: string) => path !== box.root && `${box.root}/`.startsWith(`${path}/`)
  return [
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    ...(box.network ? [] : ["--unshare-net"]),
    // Ends with the process that started it, and takes all it started along.
    "--die-with-parent",
    "--new-session",
    "--cap-drop",
    "ALL",
    "--hostname",
    "sandbox",
    ...[...system, ...merged].flatMap(readOnly),
    ...secrets.flatMap((path) => (exists(path) ? ["--ro-bind", "/dev/null", path] : [])),
    ...secretFolders.flatMap((path) => (exists(path) ? ["--tmpfs", path] : [])),
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--tmpfs",
    "/run",
    "--bind",
    box.scratch.tmp,
    "/tmp",
    "--bind",
    box.scratch.home,
    box.home,
    ...box.tools.filter((path) => !isInside(path)).flatMap(readOnly),
    "--bind",
    box.root,
    box.root,
    ...repository(box.root, exists).flatMap(readOnly),
    ...box.readable.flatMap(readOnly),
    "--chdir",
    box.cwd,
    "--",
  ]
}

/** The repository's own files, read-only as a whole: of a worktree, also those it shares with the others. */
function repository(root: string, exists: (path: string) => boolean): string[] {
  const git = join(root, ".git")
  const named = exists(git) ? readPointer(git) : undefined
  if (named === undefined) return [git]
  const own = isAbsolute(named) ? named : resolve(root, named)
  // …/.git/worktrees/NAME belongs to …/.git
  const shared = dirname(dirname(own))
  return [...(shared.endsWith(".git") ? [shared] : [own]), git]
}

/** What a `.git` file of a worktree points to; undefined for a folder. */
function readPointer(path: string): string | undefined {
  try {
    return /^gitdir: (.+)$/m.exec(readFileSync(path, "utf8"))?.[1]?.trim()
  } catch {
    return undefined
  }
}
