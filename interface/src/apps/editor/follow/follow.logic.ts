/** Where the agent is: the file and line its newest call is about. Pure. */
import type { Row } from "@aura/core"

export type Spot = {
  /** Another for each call. */
  id: string
  path: string
  line: number | undefined
  verb: "reads" | "writes" | "edits"
}

const verbs = { read_file: "reads", write_file: "writes", edit_file: "edits" } as const

/**
 * @param root the workspace; calls may name their file by its absolute path
 * @returns the newest call on a file that went well
 */
export function findSpot(entries: readonly Row<"entries">[], root: string): Spot | undefined {
  for (const entry of entries.toReversed()) {
    if (entry.kind !== "tool" || entry.isError || !isVerb(entry.name)) continue
    const path = toPath(entry.input.path, root)
    if (path === undefined) continue
    const start = entry.input.start_line
    const line = entry.diff ? lineOf(entry.diff) : typeof start === "number" ? start : undefined
    return { id: entry.id, path, line, verb: verbs[entry.name] }
  }
  return undefined
}

function isVerb(name: string): name is keyof typeof verbs {
  return name in verbs
}

function toPath(path: unknown, root: string): string | undefined {
  if (typeof path !== "string") return undefined
  const inside = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
  const parts = inside.split("/").filter((part) => part !== "" && part !== ".")
  if (inside.startsWith("/") || parts.includes("..") || parts.length === 0) return undefined
  return parts.join("/")
}

/** The first line a diff adds, or the one before which it takes some away. */
export function lineOf(diff: string): number | undefined {
  let at: number | undefined
  for (const line of diff.split("\n")) {
    const start = /^@@ -\S+ \+(\d+)/.exec(line)?.[1]
    if (start !== undefined) at = Number(start)
    else if (at !== undefined && /^[+-]/.test(line)) return Math.max(1, at)
    else if (at !== undefined) at += 1
  }
  return undefined
}
