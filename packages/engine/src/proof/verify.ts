/** Verification: Aura runs the checks itself, on a tree it knows, and keeps what came of it. */
import type { CheckResult, Project, Task } from "@aura/core"
import { describeOver, type Git, toKept, type Workspace } from "@aura/workspace"
import { type Command, findCommands } from "./commands.ts"

export type Verification =
  | { kind: "passed"; tree: string; checks: CheckResult[] }
  | { kind: "failed"; failed: CheckResult }
  /** Nothing is known that could prove the task. */
  | { kind: "nothing_to_run" }
  | { kind: "stopped" }

export type Verify = {
  workspace: Workspace
  git: Git
  project: Project
  task: Task
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
  for (let pass = 1; ; pass++) {
    const ran = await runAll(of, commands, tree)
    if (ran.kind !== "passed") return ran
    const after = await of.git.snapshot()
    if (after === tree || pass === mostPasses) return ran
    tree = after
  }
}

async function collect(of: Verify): Promise<Command[]> {
  const known = await findCommands(of.workspace, of.project)
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
