/** A unified diff as rows with line numbers, side by side or one below the other. Pure. */

export type DiffLine = {
  kind: "same" | "added" | "removed"
  text: string
  before?: number
  after?: number
  /** The part of the text that differs from the line it replaces: from, to. */
  mark?: readonly [number, number]
}
export type DiffRow = { kind: "file"; path: string } | { kind: "hunk"; text: string } | DiffLine
export type DiffHunk = { text: string; lines: DiffLine[] }
/** A line before the change and the line after it, side by side. */
export type DiffPair = { before?: DiffLine; after?: DiffLine }

export type DiffSize = { additions: number; deletions: number }

const hunkHead = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/

export function parseDiff(diff: string): DiffRow[] {
  const rows: DiffRow[] = []
  let before = 0
  let after = 0
  let inHunk = false
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    const hunk = hunkHead.exec(line)
    if (hunk) {
      before = Number(hunk[1])
      after = Number(hunk[2])
      inHunk = true
      rows.push({ kind: "hunk", text: hunk[3] ?? "" })
    } else if (line.startsWith("diff ") || (line.startsWith("Index: ") && !line.includes("\t"))) {
      inHunk = false
    } else if (!inHunk) {
      if (line.startsWith("+++ "))
        rows.push({ kind: "file", path: line.slice(4).replace(/^b\//, "").split("\t", 1).join("") })
    } else if (line.startsWith("+")) {
      rows.push({ kind: "added", text: line.slice(1), after: after++ })
    } else if (line.startsWith("-")) {
      rows.push({ kind: "removed", text: line.slice(1), before: before++ })
    } else if (!line.startsWith("\\")) {
      rows.push({ kind: "same", text: line.slice(1), before: before++, after: after++ })
    }
  }
  return rows
}

/** The parts of one file's diff, each changed line with what exactly changed in it. */
export function toHunks(diff: string): DiffHunk[] {
  const hunks: DiffHunk[] = []
  for (const row of parseDiff(diff)) {
    if (row.kind === "hunk") hunks.push({ text: row.text, lines: [] })
    else if (row.kind !== "file") hunks.at(-1)?.lines.push(row)
  }
  return hunks.map((hunk) => ({ ...hunk, lines: markChanges(hunk.lines) }))
}

/** Lines side by side: each replacement beside the line it replaces. */
export function toPairs(lines: readonly DiffLine[]): DiffPair[] {
  return toBlocks(lines).flatMap(({ removed, added, same }) => [
    ...Array.from({ length: Math.max(removed.length, added.length) }, (_, i): DiffPair => {
      const [before, after] = [removed[i], added[i]]
      return { ...(before ? { before } : {}), ...(after ? { after } : {}) }
    }),
    ...(same ? [{ before: same, after: same }] : []),
  ])
}

export function measureDiff(rows: readonly DiffRow[]): DiffSize {
  return {
    additions: rows.filter((row) => row.kind === "added").length,
    deletions: rows.filter((row) => row.kind === "removed").length,
  }
}

type Block = { removed: DiffLine[]; added: DiffLine[]; same?: DiffLine }

/** Removed lines, the added ones that follow them, and the unchanged line that ends the change. */
function toBlocks(lines: readonly DiffLine[]): Block[] {
  const blocks: Block[] = []
  let open: Block = { removed: [], added: [] }
  for (const line of lines) {
    if (line.kind === "removed") {
      if (open.added.length > 0) {
        blocks.push(open)
        open = { removed: [], added: [] }
      }
      open.removed.push(line)
    } else if (line.kind === "added") {
      open.added.push(line)
    } else {
      blocks.push({ ...open, same: line })
      open = { removed: [], added: [] }
    }
  }
  return [...blocks, open]
}

function markChanges(lines: readonly DiffLine[]): DiffLine[] {
  return toBlocks(lines).flatMap(({ removed, added, same }) => {
    const isReplaced = removed.length === added.length
    const mark = (line: DiffLine, i: number, others: readonly DiffLine[]) => {
      const range = isReplaced ? differing(line.text, others[i]?.text ?? "") : undefined
      return range ? { ...line, mark: range } : line
    }
    return [
      ...removed.map((line, i) => mark(line, i, added)),
      ...added.map((line, i) => mark(line, i, removed)),
      ...(same ? [same] : []),
    ]
  })
}

/** The range in which two lines differ, or undefined when they have little in common. */
function differing(text: string, other: string): readonly [number, number] | undefined {
  const shorter = Math.min(text.length, other.length)
  let start = 0
  while (start < shorter && text[start] === other[start]) start++
  let end = 0
  while (end < shorter - start && text.at(-1 - end) === other.at(-1 - end)) end++
  const isAlike = start + end >= text.trim().length / 3
  return isAlike && start < text.length - end ? [start, text.length - end] : undefined
}
