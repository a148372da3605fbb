/** The tree of a folder as rows, and what git says of each. Pure. */
import type { FileChange, FileEntry, FolderState } from "@aura/core"

export type TreeRow = {
  path: string
  name: string
  depth: number
  kind: FileEntry["kind"]
  isOpen: boolean
}

/** Entries by folder, "" being the root; a folder that is not there yet is being read. */
export type Listings = ReadonlyMap<string, readonly FileEntry[]>

/** @param open folders that are unfolded */
export function toRows(listings: Listings, open: ReadonlySet<string>): TreeRow[] {
  const below = (folder: string, depth: number): TreeRow[] =>
    sort(listings.get(folder) ?? []).flatMap(({ path, name, kind }) => {
      const isOpen = kind === "folder" && open.has(path)
      const row = { path, name, depth, kind, isOpen }
      return isOpen ? [row, ...below(path, depth + 1)] : [row]
    })
  return below("", 1)
}

/** Folders first, numbers in names by their size. */
function sort(entries: readonly FileEntry[]): FileEntry[] {
  return entries.toSorted(
    (a, b) =>
      Number(b.kind === "folder") - Number(a.kind === "folder") ||
      a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: "base" }),
  )
}

/** The folders on the way to a path, the outermost first. */
export function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1)
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"))
}

export type Mark = FileChange["op"] | "inside" | "ignored"

/** What git says of a path: how it differs from the last commit, that something in it does, or that it is ignored. */
export function createMarks(state: FolderState | undefined): (path: string) => Mark | undefined {
  if (!state) return () => undefined
  const changes = new Map(state.changes.map(({ path, op }) => [path, op]))
  const holding = new Set(state.changes.flatMap(({ path }) => foldersOf(path)))
  const known = new Set([...state.files, ...state.files.flatMap(foldersOf)])
  return (path) => {
    const op = changes.get(path)
    if (op) return op
    if (holding.has(path)) return "inside"
    return known.has(path) || state.isCut ? undefined : "ignored"
  }
}

/** The effect of a key in the tree. */
export type Step = { go: number } | { unfold: string } | { fold: string } | undefined

export function stepByKey(key: string, rows: readonly TreeRow[], at: number): Step {
  const row = rows[at]
  if (!row) return key === "ArrowDown" || key === "Home" ? { go: 0 } : undefined
  switch (key) {
    case "ArrowDown":
      return { go: Math.min(rows.length - 1, at + 1) }
    case "ArrowUp":
      return { go: Math.max(0, at - 1) }
    case "Home":
      return { go: 0 }
    case "End":
      return { go: rows.length - 1 }
    case "ArrowRight":
      if (row.kind !== "folder") return undefined
      return row.isOpen ? { go: Math.min(rows.length - 1, at + 1) } : { unfold: row.path }
    case "ArrowLeft":
      if (row.isOpen) return { fold: row.path }
      return {
        go: Math.max(
          0,
          rows.findLastIndex((one, i) => i < at && one.depth < row.depth),
        ),
      }
    default:
      return undefined
  }
}

/** The next row whose name begins with what was typed, from the present one on and around the end. */
export function findByName(rows: readonly TreeRow[], at: number, typed: string): number | undefined {
  const start = typed.length > 1 ? at : at + 1
  const order = rows.map((_, i) => (start + i) % rows.length)
  return order.find((i) => rows[i]?.name.toLowerCase().startsWith(typed.toLowerCase()))
}
