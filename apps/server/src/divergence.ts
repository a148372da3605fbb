/** The first difference between two runs, and its description. */

import type { CheckResult, Task } from "@aura/core"
import type { RecordedCall, RecordedTurn } from "@aura/model"
import type { RecordedRun } from "./recorded-run.ts"

export type Divergence = {
  /** The number of the turn in the run, from 1; null = only the end differs. */
  turn: number | null
  /** Phase, task, attempt and part, for a person. */
  where: string
  what: string
  recorded: string
  now: string
  /** Set when two states of the folder differ. */
  trees?: { recorded: string; now: string }
}

/** Times, durations, ids and command output may differ; effects may not. */
export function findDivergence(recorded: RecordedRun, now: RecordedRun): Divergence | undefined {
  const seesAll = recorded.tasks.every((task) => (task.evidence?.foreignFiles.length ?? 0) === 0)
  const length = Math.max(recorded.turns.length, now.turns.length)
  for (let i = 0; i < length; i++) {
    const [then, again] = [recorded.turns[i], now.turns[i]]
    const found = compareTurns(then, again, { seesAll, ending: toEnding(now) })
    const when = (then ?? again)?.when
    if (found && when) return { turn: i + 1, where: describePlace(when), ...found }
  }
  return compareEnds(recorded, now)
}

/** The number of commands with an output that differs from the recording. */
export function countOutputs(recorded: RecordedRun, now: RecordedRun): number {
  const outputs = ({ calls, checks }: RecordedTurn) => [
    ...calls.map((call) => (call.isCut ? undefined : call.output)),
    ...checks.map((check) => check.output),
  ]
  return recorded.turns.reduce((sum, turn, i) => {
    const again = now.turns[i]
    const heard = again ? outputs(again) : []
    return sum + outputs(turn).filter((text, j) => text !== undefined && text !== heard[j]).length
  }, 0)
}

/** The tree of the last commit; null = nothing was committed. */
export function lastTree(tasks: readonly Task[]): string | null {
  const proofs = tasks.flatMap((task) => (task.commit && task.evidence ? [task.evidence] : []))
  return proofs.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1)?.treeHash ?? null
}

export function describePlace({ phase, task, attempt, part }: RecordedTurn["when"]): string {
  const names = {
    look_over: "looking the document over",
    specs: "writing specs",
    tasks: "extracting tasks",
    work: "",
    hand_off: "hand-off",
    chat: "chat",
    checks: "writing held-out checks",
    review: "review",
    product: "whole-product proof",
  }
  const work = task === undefined ? [] : [`task "${task}"`, `attempt ${attempt}`, `part ${part}`]
  const round = phase === "product" && part !== undefined ? [`round ${part}`] : []
  return [...work, names[phase], ...round].filter(Boolean).join(", ")
}

type Found = Omit<Divergence, "turn" | "where">

function compareTurns(
  then: RecordedTurn | undefined,
  now: RecordedTurn | undefined,
  of: { seesAll: boolean; ending: string },
): Found | undefined {
  if (!then || !now) {
    const [recorded, again] = [then && describeTurn(then), now && describeTurn(now)]
    return { what: "the reply", recorded: recorded ?? "no further turn", now: again ?? of.ending }
  }
  if (describePlace(then.when) !== describePlace(now.when) || then.nth !== now.nth)
    return { what: "the reply", recorded: describeTurn(then), now: describeTurn(now) }
  for (const [i, call] of then.calls.entries()) {
    const found = compareCalls(call, now.calls[i])
    if (found) return found
  }
  const most = Math.max(then.checks.length, now.checks.length)
  for (let i = 0; i < most; i++) {
    const found = compareChecks(then.checks[i], now.checks[i], of.seesAll)
    if (found) return found
  }
  return undefined
}

function compareCalls(then: RecordedCall, now: RecordedCall | undefined): Found | undefined {
  const what = describeCall(then)
  if (!now) return { what, recorded: describeResult(then), now: "it was not run" }
  if (then.isCut || isSettled(then, now)) return undefined
  const [recorded, again] = [describeResult(then), describeResult(now)]
  if (recorded !== again) return { what, recorded, now: again }
  return then.diff === now.diff ? undefined : { what, recorded: then.diff, now: now.diff }
}

/**
 * A file that already had the content to write: after a crash, because it had been written just before. Either way
 * the result is the same.
 */
function isSettled(then: RecordedCall, now: RecordedCall): boolean {
  return then.tool === "write_file" && !then.isError && !now.isError && then.changes.length === 0
}

function compareChecks(
  then: CheckResult | undefined,
  now: CheckResult | undefined,
  seesAll: boolean,
): Found | undefined {
  const what = `the check \`${(then ?? now)?.command}\``
  const [recorded, again] = [describeCheck(then), describeCheck(now)]
  if (recorded !== again) return { what, recorded, now: again }
  if (!seesAll || !then || !now || then.treeHash === now.treeHash) return undefined
  return compareTrees(`the folder when \`${then.command}\` ran`, then.treeHash, now.treeHash)
}

function compareTrees(what: string, recorded: string, now: string): Found {
  return { what, recorded: `tree ${recorded}`, now: `tree ${now}`, trees: { recorded, now } }
}

function compareEnds(recorded: RecordedRun, now: RecordedRun): Divergence | undefined {
  const end = (where: string, found: Found): Divergence => ({ turn: null, where, ...found })
  const most = Math.max(recorded.tasks.length, now.tasks.length)
  for (let i = 0; i < most; i++) {
    const [then, again] = [recorded.tasks[i], now.tasks[i]]
    const where = `task "${(then ?? again)?.title}"`
    const [a, b] = [describeTask(then), describeTask(again)]
    if (a !== b) return end(where, { what: "how it ended", recorded: a, now: b })
    const [tree, treeNow] = [then?.evidence?.treeHash, again?.evidence?.treeHash]
    if (tree && treeNow && tree !== treeNow)
      return end(where, compareTrees("what was committed", tree, treeNow))
  }
  const [tree, treeNow] = [lastTree(recorded.tasks), lastTree(now.tasks)]
  if (tree === treeNow) return undefined
  return end("the end", { what: "the last commit", recorded: `tree ${tree}`, now: `tree ${treeNow}` })
}

function describeTurn({ when, nth, reply }: RecordedTurn): string {
  const calls = reply.calls.map(({ tool }) => tool).join(", ")
  return `reply ${nth} of ${describePlace(when)}${calls ? `, calling ${calls}` : ""}`
}

function describeCall({ tool, input }: RecordedCall): string {
  const subject = [input.path, input.command, input.title].find((value) => typeof value === "string")
  return subject === undefined ? tool : `${tool} ${subject}`
}

function describeResult({ isError, exitCode, changes }: RecordedCall): string {
  const how = exitCode === null ? (isError ? "refused" : "done") : `exit code ${exitCode}`
  const files = changes.map(
    ({ op, path, additions, deletions }) => `${path} ${op} (+${additions} -${deletions})`,
  )
  return [how, ...files].join(", ")
}

function describeCheck(check: CheckResult | undefined): string {
  if (!check) return "it was not run"
  return `\`${check.command}\` ${check.passed ? "passed" : `failed with exit code ${check.exitCode}`}`
}

function describeTask(task: Task | undefined): string {
  return task ? `"${task.title}" ${task.status} in attempt ${task.attempts}` : "there is no such task"
}

function toEnding({ loop, planEnding }: RecordedRun): string {
  return `the run ended: ${loop?.reason ?? planEnding ?? "it was never started"}`
}
