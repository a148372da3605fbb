/** The names of failing tests in what a check printed, and what was changed to fix them. Pure. */
import { stripAnsi } from "../../components/ansi.logic.ts"
import type { CheckItem, Item } from "../../components/timeline.logic.ts"

const patterns = [
  /^\s*not ok \d+ -? ?(.+)$/,
  /^\s*✖ (.+)$/,
  /^\s*(?:FAIL|×|✕)\s+(\S.*)$/,
  /^FAILED (\S+)/,
  /^\s*--- FAIL: (\S+)/,
  /^test (\S+) \.\.\. FAILED$/,
] as const

const maxNames = 50

/** In the order they were printed, each once. */
export function toFailingNames(output: string): string[] {
  const names = stripAnsi(output)
    .split("\n")
    .flatMap((line) => patterns.flatMap((pattern) => pattern.exec(line)?.[1] ?? []).slice(0, 1))
    .map(withoutRemarks)
    .filter((name) => !/^failing tests:?$/.test(name))
  return [...new Set(names)].slice(0, maxNames)
}

/** Without the directive or the duration that a runner puts behind a name. */
function withoutRemarks(name: string): string {
  const directive = name.search(/\s# /)
  const alone = directive < 0 ? name : name.slice(0, directive)
  return alone.replace(/ \(?[\d.]+ ?m?s\)?$/, "").trim()
}

/** The checks of a task as they stand: failed ones first, then what runs, waits, and passed. */
export function sortChecks<C extends { state: "waiting" | "running" | "passed" | "failed" }>(
  checks: readonly C[],
): C[] {
  const order = { failed: 0, running: 1, waiting: 2, passed: 3 } as const
  return checks.toSorted((a, b) => order[a.state] - order[b.state])
}

export type Fix = { command: string; files: { path: string; additions: number; deletions: number }[] }

/** For every check that failed and then passed: the files edited in between. */
export function toFixes(items: readonly Item[]): Fix[] {
  const failedAt = new Map<string, number>()
  const fixes = new Map<string, Fix>()
  for (const [place, item] of items.entries()) {
    if (item.kind !== "check") continue
    if (item.state === "failed") failedAt.set(item.command, place)
    const from = failedAt.get(item.command)
    if (item.state === "passed" && from !== undefined) {
      fixes.set(item.command, { command: item.command, files: editedBetween(items.slice(from, place)) })
      failedAt.delete(item.command)
    }
  }
  return [...fixes.values()].filter((fix) => fix.files.length > 0)
}

function editedBetween(items: readonly Item[]): Fix["files"] {
  const files = new Map<string, Fix["files"][number]>()
  for (const item of items) {
    if (item.kind !== "tool") continue
    for (const { path, additions, deletions } of item.changes ?? []) {
      const known = files.get(path)
      files.set(path, {
        path,
        additions: additions + (known?.additions ?? 0),
        deletions: deletions + (known?.deletions ?? 0),
      })
    }
  }
  return [...files.values()]
}

/** The last result of a command. */
export function lastResult(items: readonly Item[], command: string): CheckItem | undefined {
  const last = items.findLast((item) => item.kind === "check" && item.command === command)
  return last?.kind === "check" ? last : undefined
}
