/** Measures the memory and the number of a process and its descendants. Linux only; elsewhere nothing is counted. */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs"

const pageBytes = 4096
const blockBytes = 512
/** Above this, shared memory is measured exactly, which walks the pages of the process. */
const noticeableBytes = 16 * 1024 * 1024

export type TreeSize = {
  /** Private memory, and memory they share with each other; excludes mapped files and programs. */
  bytes: number
  count: number
  /** Their names, oldest first. */
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
  // Files that are both open and mapped count once.
  size.bytes += Math.max(shared, sum(memoryFiles.values()))
  return size
}

/** Bytes of shared memory that a process has mapped, divided by the number of processes that map it. */
function measureShared(pid: number): number {
  const kilobytes = /^Pss_Shmem:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1]
  return Number(kilobytes ?? 0) * 1024
}

/** Adds the in-memory files (memfd_create) that a process holds open, by inode. */
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

// A process may have ended meanwhile.
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
