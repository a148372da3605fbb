/** How much a process and all it started take up. Linux only; elsewhere nothing is counted. */
import { readdirSync, readFileSync } from "node:fs"

const pageBytes = 4096

export type TreeSize = {
  /** Memory of their own; what they share is left out. */
  bytes: number
  count: number
  /** What they are called, first come first. */
  names: string[]
}

const mostNames = 20

export function measureTree(root: number): TreeSize {
  const size: TreeSize = { bytes: 0, count: 0, names: [] }
  const open = [root]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const [, resident = 0, shared = 0] = read(`/proc/${pid}/statm`).split(" ").map(Number)
    size.bytes += Math.max(0, resident - shared) * pageBytes
    size.count += 1
    const name = read(`/proc/${pid}/comm`).trim()
    if (size.names.length < mostNames && name !== "" && name !== "bwrap") size.names.push(name)
    for (const thread of list(`/proc/${pid}/task`))
      open.push(...read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number))
  }
  return size
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
