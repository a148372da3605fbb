/** A unified diff as rows with line numbers. Pure. */

export type DiffRow =
  | { kind: "file"; path: string }
  | { kind: "hunk"; text: string }
  | { kind: "same" | "added" | "removed"; text: string; before?: number; after?: number }

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
        rows.push({ kind: "file", path: line.slice(4).replace(/^b\//, "").replace(/\t.*$/, "") })
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

export function measureDiff(rows: readonly DiffRow[]): DiffSize {
  return {
    additions: rows.filter((row) => row.kind === "added").length,
    deletions: rows.filter((row) => row.kind === "removed").length,
  }
}
