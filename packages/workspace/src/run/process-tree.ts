/** How much a process and all it started take up. Linux only; elsewhere nothing is counted. */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs"

const pageBytes = 4096
const blockBytes = 512
/** Shared memory is looked at closely from here on; the close look walks the process's pages. */
const noticeableBytes = 16 * 1024 * 1024

export type TreeSize = {
  /** Memory of their own, and what they share with each other; files and programs in memory are left out. */
  bytes: number
  count: number
  /** What they are called, first come first. */
  names: string[]
}

const maxNames = 20

export function measureTree(root: number): TreeSize {
  const size: TreeSize = { bytes: 0, count: 0, names: [] }
  const memoryFiles = new Map<number, number>()
  let shared = 0
  const open = [root]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const [, resident = 0, mapped = 0] = read(`/proc/${pid}/statm`).split(" ").map(Number)
    size.bytes += Math.max(0, resident - mapped) * pageBytes
    if (mapped * pageBytes > noticeableBytes) shared += measureShared(pid)
    measureMemoryFiles(pid, memoryFiles)
    size.count += 1
    const name = read(`/proc/${pid}/comm`).trim()
    if (size.names.length < maxNames && name !== "" && !isSandbox(name)) size.names.push(name)
    for (const thread of list(`/proc/${pid}/task`))
      open.push(...read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number))
  }
  // What is both open and mapped counts once.
  size.bytes += Math.max(shared, sum(memoryFiles.values()))
  return size
}

/** Bytes of shared memory that a process has mapped, its part of what others have mapped too. */
function measureShared(pid: number): number {
  const kilobytes = /^Pss_Shmem:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1]
  return Number(kilobytes ?? 0) * 1024
}

/** Adds the files in memory that a process holds open (memfd_create), by inode. */
function measureMemoryFiles(pid: number, found: Map<number, number>): void {
  for (const descriptor of list(`/proc/${pid}/fd`)) {
    const path = `/proc/${pid}/fd/${descriptor}`
    if (!target(path).startsWith("/memfd:")) continue
    const file = statSync(path, { throwIfNoEntry: false })
    if (file) found.set(file.ino, file.blocks * blockBytes)
  }
}

function isSandbox(name: string): boolean {
  return name === "bwrap" || name === "setpriv"
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

// A process may be gone by the time it is looked at.
function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

function target(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ""
  }
}
