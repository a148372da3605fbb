/** The experiment: what passes without the work as well proves nothing about it. */
import type { CheckResult } from "@aura/core"
import type { Checkout, Git } from "@aura/workspace"
import type { Command } from "./commands.ts"
import { prepare, runBuild, runCheck } from "./run-check.ts"
import { isGolden, isTestPath } from "./tamper/places.ts"

export type Experiment = {
  git: Git
  checkout: Checkout
  base: string
  tree: string
  signal: AbortSignal
  /** The task's own checks, named before the work. */
  planned: readonly string[]
}

/** `stopped`: a person stopped it. `idle`: every check passes without the work. */
export type Finding = "shown" | "idle" | "stopped"

/** Takes the task's change out, leaves its tests in, and looks whether a check fails then. */
export async function tryWithout(of: Experiment, checks: readonly CheckResult[]): Promise<Finding> {
  const { git, base, tree, planned } = of
  if (base === tree) return checks.some(({ command }) => planned.includes(command)) ? "shown" : "idle"
  const inside = (await git.changes(base, tree)).map(({ path }) => path.slice(git.prefix.length))
  const tests = inside.filter((path) => isTestPath(path) || isGolden(path))
  // Tests for what is there already: without them there is nothing to try.
  if (tests.length === inside.length) return "shown"
  const without = await git.withPaths(
    base,
    tree,
    tests.map((path) => git.prefix + path),
  )
  const build = checks.find(({ source }) => source === "build")
  const others = checks.filter((check) => check !== build)
  const ordered = others.toSorted((a, b) => toRank(a, planned) - toRank(b, planned))
  if (build) {
    const built = await runBuild({ ...of, tree: without, timeoutMs: toTimeout(build) }, toCommand(build))
    if (!built) return "stopped"
    if (!built.passed) return "shown"
  }
  for (const check of ordered) {
    const run = { ...of, tree: without, isBuilt: build !== undefined, timeoutMs: toTimeout(check) }
    await prepare(run)
    const result = await runCheck(run, toCommand(check))
    if (!result) return "stopped"
    if (!result.passed || countTests(result.output) < countTests(check.output)) return "shown"
  }
  return "idle"
}

/** The task's own first: most of them fail at once without the work. */
function toRank({ command, source }: CheckResult, planned: readonly string[]): number {
  if (planned.includes(command)) return 0
  return source === "task" ? 1 : 2
}

function toCommand({ command, source }: CheckResult): Command {
  return { command, source }
}

/** What the work made fast or possible may hang without it. */
function toTimeout({ durationMs }: CheckResult): number {
  return Math.round(durationMs * 3) + 60_000
}

/** Tests beside the code they prove, as in Rust, are taken out with it: then fewer ran. */
function countTests(output: string): number {
  const counts = [
    /^(?:#|ℹ) pass (\d{1,9})$/gm,
    /^test result: ok\. (\d{1,9}) passed/gm,
    /^=+ (\d{1,9}) passed/gm,
    /^\s{0,20}Tests:? .{0,200}?(\d{1,9}) passed/gm,
    /^\s{0,20}(\d{1,9}) passing/gm,
    /^Ran (\d{1,9}) tests?/gm,
  ].flatMap((pattern) => [...output.matchAll(pattern)].map(([, count]) => Number(count)))
  const go = [...output.matchAll(/^\s{0,20}--- PASS: /gm)].length
  return counts.reduce((sum, count) => sum + count, 0) + go
}
