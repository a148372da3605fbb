/** Verification: Aura runs the checks itself, each on a clean checkout of the tree that would be committed. */
import type { CheckResult, Project, Task } from "@aura/core"
import { type Checkout, describeOver, type Git, showBytes, toKept } from "@aura/workspace"
import { type Command, findCommands, treePlace } from "./commands.ts"
import { findEmpty, findUnfit, type Unfit } from "./worth.ts"

export type Verification =
  | { kind: "passed"; checks: CheckResult[] }
  | { kind: "failed"; failed: CheckResult }
  /** Nothing is known that could prove the task. */
  | { kind: "nothing_to_run" }
  /** All that is known cannot fail, or ran no test. */
  | { kind: "unproven"; unfit: readonly Unfit[] }
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
  signal: AbortSignal
  onStart(command: string): void
  onOutput(command: string, text: string): void
  onResult(check: CheckResult): Promise<void>
}

export const checkMinutes = 30
const checkTimeoutMs = checkMinutes * 60 * 1000
const mostChangedNamed = 20
const mostFrozen = 500

/** Build, then the task's checks, then the tests; the first failure ends it. */
export async function verify(of: Verify): Promise<Verification> {
  const commands = await collect(of)
  if (commands.length === 0) return { kind: "nothing_to_run" }
  const { git, base, tree } = of
  const asked = `${of.task.title}\n${of.task.description}`
  const unfit = await findUnfit(commands, { git, base, tree, asked })
  if (unfit.length === commands.length) return { kind: "unproven", unfit }
  const ran = await runAll(of, commands).finally(() => of.checkout.remove())
  if (ran.kind !== "passed") return ran
  const empty = findEmpty(ran.checks)
  return isUnproven(ran.checks, [...unfit, ...empty], empty)
    ? { kind: "unproven", unfit: [...unfit, ...empty] }
    : ran
}

/** Nothing is left that counts; or a check of the task's own ran no test; or only the build does, and tests were empty. */
function isUnproven(
  checks: readonly CheckResult[],
  unfit: readonly Unfit[],
  empty: readonly Unfit[],
): boolean {
  const isIn = (list: readonly Unfit[], { command }: CheckResult) =>
    list.some((one) => one.command === command)
  const counted = checks.filter((check) => !isIn(unfit, check))
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
  const { checkout, tree } = of
  const checks: CheckResult[] = []
  let isBuilt = false
  for (const [i, command] of commands.entries()) {
    if (isBuilt) await checkout.goBack()
    else await checkout.reset(tree)
    const check = await runCheck(of, command)
    if (!check) return { kind: "stopped" }
    await of.onResult(check)
    if (!check.passed) return { kind: "failed", failed: check }
    checks.push(check)
    if (command.source === "build" && i < commands.length - 1) {
      await checkout.keep()
      isBuilt = true
    }
  }
  return { kind: "passed", checks }
}

/** @returns undefined when it was stopped */
async function runCheck(of: Verify, command: Command): Promise<CheckResult | undefined> {
  const check = await runOnce(of, command)
  // A build is there to write files, and these are put back after it.
  if (!check?.passed || command.source === "build") return check
  const touched = (await of.checkout.touched()).filter(({ path }) => !isLockFile(path))
  if (touched.length === 0) return check
  // It wrote committed files. What it proves without that right is proven of what would be committed.
  await of.checkout.reset(of.tree)
  const frozen = touched.map(({ path }) => path)
  const again = await runOnce(of, command, frozen.slice(0, mostFrozen))
  if (!again || again.passed) return again
  const names = frozen.slice(0, 5).map(showBytes).join(", ")
  return {
    ...again,
    output: `This check writes files that are committed (${names}) while it runs, and passes only when it does, so it proves something else than what would be committed. Let it work on copies in a temporary folder.\n\nWithout the right to write them it printed:\n${again.output}`,
  }
}

async function runOnce(
  of: Verify,
  { command, source }: Command,
  frozen: readonly string[] = [],
): Promise<CheckResult | undefined> {
  of.onStart(command)
  const result = await of.checkout.run(command, {
    timeoutMs: checkTimeoutMs,
    signal: of.signal,
    by: "check",
    frozen,
    onOutput: (text) => of.onOutput(command, text),
  })
  if (of.signal.aborted) return undefined
  const changed = (await of.checkout.touched()).filter(({ isChanged }) => isChanged)
  const names = changed.slice(0, mostChangedNamed).map(({ path }) => showBytes(path))
  return {
    command,
    source,
    passed: result.exitCode === 0,
    exitCode: result.exitCode,
    durationMs: result.durationMs,
    output: result.over ? `${result.output}\n${describeOver(result.over, checkTimeoutMs)}` : result.output,
    outputDigest: result.outputDigest,
    treeHash: of.tree,
    ...(result.kept ? { kept: toKept(result.kept) } : {}),
    ...(names.length > 0 ? { changed: names } : {}),
  }
}

/** Package managers write them anew, mostly as they were. */
function isLockFile(path: string): boolean {
  return /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|go\.sum|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|mix\.lock|pubspec\.lock)$/.test(
    path,
  )
}
