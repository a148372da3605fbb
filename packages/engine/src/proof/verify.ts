/** Verification: Aura runs the checks itself, each on a clean checkout of the tree that would be committed. */
import type { CheckResult, Project, Task } from "@aura/core"
import type { Checkout, Git } from "@aura/workspace"
import { type Command, findCommands, treePlace } from "./commands.ts"
import { tryWithout } from "./experiment.ts"
import { findNewFailures } from "./failing-tests.ts"
import { type CheckRun, prepare, runBuild, runCheck } from "./run-check.ts"
import { findEmpty, findUnfit, type Unfit } from "./worth.ts"

export type Verification =
  | { kind: "passed"; checks: CheckResult[] }
  | { kind: "failed"; failed: CheckResult }
  /** Nothing is known that could prove the task. */
  | { kind: "nothing_to_run" }
  /** All that is known cannot fail, or ran no test. */
  | { kind: "unproven"; unfit: readonly Unfit[] }
  /** All that passed passes without the work as well. */
  | { kind: "idle"; checks: readonly CheckResult[] }
  | { kind: "stopped" }

export type Verify = {
  git: Git
  checkout: Checkout
  /** What would be committed. */
  tree: string
  project: Project
  task: Task
  /** The tree from before the work. */
  base: string
  /** Commands the agent named when it said it was done. */
  extraChecks: readonly string[]
  /** Why the work changes nothing that a check could show. */
  keepsBehaviour: string | undefined
  signal: AbortSignal
  onStart(command: string): void
  onOutput(command: string, text: string): void
  onResult(check: CheckResult): Promise<void>
}

/** Build, then the task's checks, then the tests; the first failure ends it. */
export async function verify(of: Verify): Promise<Verification> {
  const commands = await collect(of)
  if (commands.length === 0) return { kind: "nothing_to_run" }
  const { git, base, tree } = of
  const asked = `${of.task.title}\n${of.task.description}`
  const unfit = await findUnfit(commands, { git, base, tree, asked })
  if (unfit.length === commands.length) return { kind: "unproven", unfit }
  try {
    const ran = await runAll(of, commands)
    if (ran.kind !== "passed") return ran
    const empty = findEmpty(ran.checks)
    const all = [...unfit, ...empty]
    if (isUnproven(ran.checks, all, empty)) return { kind: "unproven", unfit: all }
    if (of.keepsBehaviour !== undefined) return ran
    const counted = ran.checks.filter(
      ({ command, passed }) => passed && !all.some((one) => one.command === command),
    )
    const shown = await tryWithout({ ...of, planned: of.task.checks }, counted)
    if (shown === "stopped") return { kind: "stopped" }
    return shown === "idle" ? { kind: "idle", checks: counted } : ran
  } finally {
    await of.checkout.remove()
  }
}

/** Nothing is left that counts; or a check of the task's own ran no test; or only the build does, and tests were empty. */
function isUnproven(
  checks: readonly CheckResult[],
  unfit: readonly Unfit[],
  empty: readonly Unfit[],
): boolean {
  const isIn = (list: readonly Unfit[], { command }: CheckResult) =>
    list.some((one) => one.command === command)
  const counted = checks.filter((check) => check.passed && !isIn(unfit, check))
  if (counted.length === 0 || checks.some((check) => check.source === "task" && isIn(empty, check)))
    return true
  return empty.length > 0 && counted.every(({ source }) => source === "build")
}

async function collect(of: Verify): Promise<Command[]> {
  const known = await findCommands([treePlace(of.git, of.base), treePlace(of.git, of.tree)], of.project)
  const own = [...of.task.checks, ...of.extraChecks].map((command): Command => ({ command, source: "task" }))
  const ordered = [
    ...known.filter((row) => row.source === "build"),
    ...own,
    ...known.filter((row) => row.source === "test"),
  ]
  return ordered.filter((row, i) => ordered.findIndex((other) => other.command === row.command) === i)
}

/** No check finds what another one left behind; what the build makes is there for those after it. */
async function runAll(of: Verify, commands: readonly Command[]): Promise<Verification> {
  const checks: CheckResult[] = []
  let isBuilt = false
  for (const command of commands) {
    const ran = await runPrepared({ ...of, isBuilt }, command)
    const check = ran && (await compareWithBefore(of, ran))
    if (!check) return { kind: "stopped" }
    await of.onResult(check)
    if (!check.passed && !check.failedBefore) return { kind: "failed", failed: check }
    checks.push(check)
    if (command.source === "build") isBuilt = check.passed
  }
  return { kind: "passed", checks }
}

/** @returns undefined when it was stopped */
async function runPrepared(of: CheckRun, command: Command): Promise<CheckResult | undefined> {
  if (command.source === "build") return await runBuild(of, command)
  await prepare(of)
  return await runCheck(of, command)
}

/**
 * The project's own command that fails: did it fail before the work as well, and in the same places?
 * @returns undefined when it was stopped
 */
async function compareWithBefore(of: Verify, check: CheckResult): Promise<CheckResult | undefined> {
  if (check.passed || check.source === "task" || of.base === of.tree) return check
  const { command, source } = check
  const before = await runPrepared({ ...of, tree: of.base }, { command, source })
  if (!before) return undefined
  if (before.passed) return check
  const fresh = findNewFailures(before.output, check.output)
  if (fresh?.length === 0) return { ...check, failedBefore: true }
  const names = fresh ? ` New since then: ${fresh.slice(0, 10).join(", ")}.` : ""
  return { ...check, output: `${check.output}\n\nIt failed before the task began as well.${names}` }
}
