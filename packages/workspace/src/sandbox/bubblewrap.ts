/** A box as arguments of bubblewrap: namespaces of its own, the system read-only, the workspace writable, nothing else. */
import type { Box } from "./box.ts"
import { findParents } from "./mount-points.ts"
import { findHiddenInProc } from "./proc.ts"

const system = ["/usr", "/opt", "/nix/store"]
/** Links into /usr on most machines; folders on some. */
const merged = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
/** Bytes of memory that a command can fill by files; everything else it can write lies on disk. */
const sharedMemoryBytes = 512 * 1024 * 1024
const runBytes = 16 * 1024 * 1024
/** The descriptor on which bubblewrap finds the system-call filter. */
export const filterDescriptor = 3

/** @param exists whether a path is there */
export function toBubblewrap(box: Box, exists: (path: string) => boolean): string[] {
  const readOnly = (path: string) => (exists(path) ? ["--ro-bind", path, path] : [])
  const isInside = (path: string) => path !== box.root && `${box.root}/`.startsWith(`${path}/`)
  const { pinned, made } = findParents(box)
  return [
    ...(box.user ? toOtherUser : toSameUser),
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    ...(box.network ? [] : ["--unshare-net"]),
    // Ends together with the process that started it, and with all of its own processes.
    "--die-with-parent",
    "--new-session",
    ...(box.parts.filter === null ? [] : ["--seccomp", String(filterDescriptor)]),
    "--hostname",
    "sandbox",
    ...[...system, ...merged].flatMap(readOnly),
    "--ro-bind",
    box.parts.etc,
    "/etc",
    ...box.parts.etcFolders.flatMap((path) => ["--ro-bind", path, path]),
    ...toProc(box),
    "--dev",
    "/dev",
    // World-writable, as /tmp is everywhere: as root, the command runs as another user.
    "--perms",
    "1777",
    ...tmpfs("/dev/shm", sharedMemoryBytes),
    ...tmpfs("/run", runBytes),
    // Created explicitly: when bubblewrap runs as root, the parents it creates are accessible to root only.
    ...["/var", ...made].flatMap((path) => (isSystem(path) ? [] : ["--dir", path])),
    ...outermostFirst([
      [box.scratch.tmp, "/tmp"],
      [box.scratch.tmp, "/var/tmp"],
      [box.scratch.home, box.home],
      ...pinned,
    ]).flatMap(bind),
    ...box.tools.filter((path) => !isInside(path)).flatMap(readOnly),
    "--bind",
    box.files,
    box.root,
    ...box.brought.flatMap(box.isSealed ? bindReadOnly : bind),
    ...box.frozen.flatMap((path) => {
      const source = box.files + path.slice(box.root.length)
      return exists(source) ? ["--ro-bind", source, path] : []
    }),
    ...box.hidden.flatMap((path) => ["--ro-bind", box.parts.emptyFile, path]),
    ...box.repository.flatMap(readOnly),
    ...box.covered.flatMap((path) => ["--ro-bind", box.parts.emptyFolder, path]),
    ...box.readable.flatMap(readOnly),
    // So far everything is on two in-memory file systems; make them read-only.
    "--remount-ro",
    "/dev",
    "--remount-ro",
    "/",
    "--chdir",
    box.cwd,
    "--",
    ...(box.user ? asUser(box.user) : []),
  ]
}

/** A user namespace with one user, in which no further namespaces can be created. */
const toSameUser = ["--unshare-user", "--disable-userns", "--cap-drop", "ALL"]

/** As root, bubblewrap needs no user namespace, and then rights only to enter the workspace and become another user. */
const toOtherUser = [
  "--cap-drop",
  "ALL",
  "--cap-add",
  "CAP_SETUID",
  "--cap-add",
  "CAP_SETGID",
  "--cap-add",
  "CAP_SETPCAP",
  "--cap-add",
  "CAP_DAC_READ_SEARCH",
]

export const setpriv = "/usr/bin/setpriv"

/** Inside the sandbox: drops from root to the user for good. */
export function asUser({ uid, gid }: { uid: number; gid: number }): string[] {
  return [
    setpriv,
    `--reuid=${uid}`,
    `--regid=${gid}`,
    "--clear-groups",
    "--inh-caps=-all",
    "--bounding-set=-all",
    "--no-new-privs",
  ]
}

function toProc({ parts }: Box): string[] {
  const { files, folders } = findHiddenInProc()
  return [
    "--proc",
    "/proc",
    "--ro-bind",
    "/proc/sys",
    "/proc/sys",
    ...files.flatMap((path) => ["--ro-bind", parts.emptyFile, path]),
    // Process 1 is bubblewrap itself.
    ...[...folders, "/proc/1"].flatMap((path) => ["--ro-bind", parts.emptyFolder, path]),
  ]
}

/** Later mounts hide what is below them. */
function outermostFirst(places: readonly [source: string, path: string][]): [source: string, path: string][] {
  return places.toSorted(([, a], [, b]) => a.split("/").length - b.split("/").length)
}

function bind([source, path]: readonly [source: string, path: string]): string[] {
  return ["--bind", source, path]
}

function bindReadOnly([source, path]: readonly [source: string, path: string]): string[] {
  return ["--ro-bind", source, path]
}

/** True for what is mounted already, and read-only. */
function isSystem(path: string): boolean {
  return [...system, ...merged, "/dev", "/etc", "/proc", "/run"].some((known) =>
    `${path}/`.startsWith(`${known}/`),
  )
}

function tmpfs(path: string, bytes: number): string[] {
  return ["--size", String(bytes), "--tmpfs", path]
}
