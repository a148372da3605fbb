/**
 * Kernel limits: a control group (cgroup v2) for each command, if this process may create one. It includes memory that
 * process statistics miss, such as in-memory files. If a step fails, the command runs without a group; it is still measured.
 */
import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

export type Group = {
  /** Arguments in front of a program that start it inside the group. */
  entry: string[]
  /** True when the kernel killed processes of the group because memory ran out. */
  isOutOfMemory(): boolean
  /** Kills the remaining processes and removes the group. */
  end(): void
}

type Limits = { memoryBytes: number; processes: number }

const enter = 'echo $$ > "$1/cgroup.procs" 2>/dev/null; shift; exec "$@"'

/**
 * @param mount where cgroup v2 is mounted
 * @param own the process's group: the path after `0::` in /proc/self/cgroup
 * @returns the nearest group above it that passes memory and process limits on and that this process may write to
 */
export function findGroupParent(mount: string, own: string | undefined): string | undefined {
  if (own === undefined) return undefined
  for (let path = dirname(own); ; path = dirname(path)) {
    const folder = join(mount, path)
    const passedOn = read(join(folder, "cgroup.subtree_control")).trim().split(" ")
    if (passedOn.includes("memory") && passedOn.includes("pids") && isWritable(folder)) return folder
    if (path === "/" || path === ".") return undefined
  }
}

export function makeGroup(parent: string | undefined, name: string, limits: Limits): Group | undefined {
  if (parent === undefined) return undefined
  const folder = join(parent, name)
  try {
    mkdirSync(folder)
    writeFileSync(join(folder, "memory.max"), String(limits.memoryBytes))
    writeFileSync(join(folder, "pids.max"), String(limits.processes))
  } catch {
    remove(folder)
    return undefined
  }
  put(join(folder, "memory.swap.max"), "0")
  put(join(folder, "memory.oom.group"), "1")
  return {
    entry: ["/bin/sh", "-c", enter, "sh", folder],
    isOutOfMemory: () => /^oom_kill [1-9]/m.test(read(join(folder, "memory.events"))),
    end: () => {
      put(join(folder, "cgroup.kill"), "1")
      remove(folder)
    },
  }
}

/** The path of this process's group; undefined where there is no cgroup v2. */
export function readOwnGroup(): string | undefined {
  return /^0::(\/.*)$/m.exec(read("/proc/self/cgroup"))?.[1]
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    accessSync(join(folder, "cgroup.procs"), constants.W_OK)
    return true
  } catch {
    return false
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

// Skips files that this kernel does not have.
function put(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch {}
}

// A group with a dying process cannot be removed; the kernel empties it, and it costs nothing.
function remove(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {}
}
