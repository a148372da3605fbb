/** Parses the diffs that git prints. */
import type { FileChange } from "@aura/core"
import type { Repository } from "./repository.ts"

/** A change of one path, as git's raw diff tells it. */
export type RawChange = FileChange & { mode: string; blob: string }

/** The lines that a change adds to a text file. */
export type AddedText = { path: string; isNew: boolean; lines: { number: number; text: string }[] }

/** The changes with line counts: git first prints all paths with modes and blobs, then all with counts. */
export async function compareTrees({ files }: Repository, from: string, to: string): Promise<RawChange[]> {
  if (from === to) return []
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--raw", "--numstat", "--abbrev=64", from, to]
  const fields = (await files(args)).split("\0").filter(Boolean)
  const changes: RawChange[] = []
  let at = 0
  for (; fields[at]?.startsWith(":"); at += 2) {
    const [, mode = "", , blob = "", letter] = (fields[at] ?? "").split(" ")
    const op = letter === "A" ? "added" : letter === "D" ? "deleted" : "modified"
    const path = fields[at + 1] ?? ""
    changes.push({ path, op, mode: op === "deleted" ? "0" : mode, blob, additions: 0, deletions: 0 })
  }
  const counts = new Map(fields.slice(at).map(toCount))
  return changes.map((change) => {
    const [additions, deletions] = counts.get(change.path) ?? [0, 0]
    return { ...change, additions, deletions }
  })
}

/** Splits a diff by file, in the order of paths. Git prints a file that became a link in two parts, which are joined. */
export function splitDiff(text: string): string[] {
  const files: { head: string; text: string }[] = []
  for (const part of text.split(/^(?=diff --git )/m)) {
    const head = part.slice(0, part.indexOf("\n"))
    const last = files.at(-1)
    if (last?.head === head) last.text += part
    else if (part.startsWith("diff --git ")) files.push({ head, text: part })
  }
  return files.map((file) => file.text)
}

export function readAdded(diff: string): AddedText["lines"] {
  const lines: AddedText["lines"] = []
  let number = 0
  for (const line of diff.split("\n")) {
    const start = /^@@ -\S+ \+(\d+)/.exec(line)?.[1]
    if (start !== undefined) number = Number(start)
    else if (number > 0 && line.startsWith("+")) lines.push({ number: number++, text: line.slice(1) })
    else if (line.startsWith("diff --git ")) number = 0
  }
  return lines
}

/** Both texts of a diff that contains all lines; undefined for a binary file. */
export function readSides(diff: string): { before: string; after: string } | undefined {
  if (/^(?:Binary files |GIT binary patch)/m.test(diff.split("\n@@ ")[0] ?? "")) return undefined
  const before: string[] = []
  const after: string[] = []
  for (const line of diff.split("\n").slice(diff.split("\n").findIndex((row) => row.startsWith("@@ ")) + 1)) {
    const text = `${line.slice(1)}\n`
    if (line.startsWith(" ") || line.startsWith("-")) before.push(text)
    if (line.startsWith(" ") || line.startsWith("+")) after.push(text)
  }
  return { before: before.join(""), after: after.join("") }
}

function toCount(line: string): [string, [number, number]] {
  const [added = "0", removed = "0", ...path] = line.split("\t")
  return [path.join("\t"), [Number(added) || 0, Number(removed) || 0]]
}

export function toIndexLines(changes: readonly RawChange[]): string {
  return changes.map((change) => `${change.mode} ${change.blob}\t${change.path}\0`).join("")
}
