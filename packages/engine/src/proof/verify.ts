/** Verification: Aura runs the checks itself, on a tree it knows, and keeps what came of it. */
import type { CheckResult, Project, Task } from "@aura/core"
import { describeOver, type Git, toKept, type Workspace } from "@aura/workspace"
import { type Command, findCommands, folderPlace, treePlace } from "./commands.ts"
import { findEmpty, findUnfit, type Unfit } from "./worth.ts"

export type Verification =
  | { kind: "passed"; tree: string; checks: CheckResult[] }
  | { kind: "failed"; failed: CheckResult }
  /** Nothing is known that could prove the task. */
  | { kind: "nothing_to_run" }
  /** All that is known cannot fail, or ran no test. */
  | { kind: "unproven"; unfit: readonly Unfit[] }
  | { kind: "stopped" }

export type Verify = {
  workspace: Workspace
  git: Git
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

const checkTimeoutMs = 30 * 60 * 1000
/** Checks may write files (a lock file, generated code); then they are run again on what they left. */
const mostPasses = 3

/** Build, then the task's checks, then the tests; the first failure ends it. */
export async function verify(of: Verify): Promise<Verification> {
  const commands = await collect(of)
  if (commands.length === 0) return { kind: "nothing_to_run" }
  let tree = await of.git.snapshot()
  const asked = `${of.task.title}\n${of.task.description}`
  const unfit = await findUnfit(commands, { git: of.git, base: of.base, tree, asked })
  if (unfit.length === commands.length) return { kind: "unproven", unfit }
  for (let pass = 1; ; pass++) {
    const ran = await runAll(of, commands, tree)
    if (ran.kind !== "passed") return ran
    const empty = findEmpty(ran.checks)
    if (isUnproven(ran.checks, [...unfit, ...empty], empty))
      return { kind: "unproven", unfit: [...unfit, ...empty] }
    const after = await of.git.snapshot()
    if (after === tree || pass === mostPasses) return ran
    tree = after
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
  const counted = checks.filter((check) => !isIn(unfit, check))
  if (counted.length === 0 || checks.some((check) => check.source === "task" && isIn(empty, check)))
    return true
  return empty.length > 0 && counted.every(({ source }) => source === "build")
}

async function collect(of: Verify): Promise<Command[]> {
  const known = await findCommands([treePlace(of.git, of.base), folderPlace(of.workspace)], of.project)
  const own = [...of.task.checks, ...of.extraChecks].map((command): Command => ({ command, source: "task" }))
  const ordered = [
    ...known.filter((row) => row.source === "build"),
    ...own,
    ...known.filter((row) => row.source === "test"),
  ]
  return ordered.filter((row, i) => ordered.findIndex((other) => other.command === row.command) === i)
}

async function runAll(of: Verify, commands: readonly Command[], tree: string): Promise<Verification> {
  const checks: CheckResult[] = []
  for (const { command, source } of commands) {
    of.onStart(command)
    const result = await of.workspace.run(command, {
      timeoutMs: checkTimeoutMs,
      signal: of.signal,
      by: "check",
      onOutput: (text) => of.onOutput(command, text),
    })
    if (of.signal.aborted) return { kind: "stopped" }
    const check: CheckResult = {
      command,
      source,
      passed: result.exitCode === 0,
      exitCode: result.exitCode,
      durationMs: result.durationMs,
      output: result.over ? `${result.output}\n${describeOver(result.over, checkTimeoutMs)}` : result.output,
      outputDigest: result.outputDigest,
      treeHash: tree,
      ...(result.kept ? { kept: toKept(result.kept) } : {}),
    }
    await of.onResult(check)
    if (!check.passed) return { kind: "failed", failed: check }
    checks.push(check)
  }
  return { kind: "passed", tree, checks }
}
