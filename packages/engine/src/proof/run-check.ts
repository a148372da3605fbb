/** Runs one check in a clean checkout, and keeps what came of it. */
import type { CheckResult } from "@aura/core"
import { type Checkout, describeOver, showBytes, toKept } from "@aura/workspace"
import { checkMinutes } from "../tools/run-command.ts"
import type { Command } from "./commands.ts"

export type CheckRun = {
  checkout: Checkout
  /** What the checkout holds. */
  tree: string
  /** True: what the build made of it was kept, and is there for each check. */
  isBuilt?: boolean
  signal: AbortSignal
  /** 30 minutes by default. */
  timeoutMs?: number
  onStart?(command: string): void
  onOutput?(command: string, text: string): void
}

const usualTimeoutMs = checkMinutes * 60 * 1000
const maxChangedNamed = 20
const maxFrozen = 500

/** Makes the checkout what the next check has to find: the tree, and what the build made of it. */
export async function prepare({ checkout, tree, isBuilt }: CheckRun): Promise<void> {
  if (isBuilt) await checkout.goBack()
  else await checkout.reset(tree)
}

/**
 * Builds the tree, and keeps what came of it for the checks after it.
 * @returns undefined when it was stopped
 */
export async function runBuild(of: CheckRun, command: Command): Promise<CheckResult | undefined> {
  await prepare({ ...of, isBuilt: false })
  const built = await runOnce(of, command)
  if (built?.passed) await of.checkout.keep()
  return built
}

/**
 * For a prepared checkout. A check that writes committed files is run again without that right: what it
 * proves only with it is true of something else than what would be committed.
 * @returns undefined when it was stopped
 */
export async function runCheck(of: CheckRun, command: Command): Promise<CheckResult | undefined> {
  const check = await runOnce(of, command)
  if (!check?.passed) return check
  const touched = (await of.checkout.touched()).filter(({ path }) => !isLockFile(path))
  if (touched.length === 0) return check
  await prepare(of)
  const frozen = touched.map(({ path }) => path)
  const again = await runOnce(of, command, frozen.slice(0, maxFrozen))
  if (!again || again.passed) return again
  const names = frozen.slice(0, 5).map(showBytes).join(", ")
  return {
    ...again,
    output: `This check writes files that are committed (${names}) while it runs, and passes only when it does, so it proves something else than what would be committed. Let it work on copies in a temporary folder.\n\nWithout the right to write them it printed:\n${again.output}`,
  }
}

async function runOnce(
  of: CheckRun,
  { command, source }: Command,
  frozen: readonly string[] = [],
): Promise<CheckResult | undefined> {
  const timeoutMs = of.timeoutMs ?? usualTimeoutMs
  of.onStart?.(command)
  const result = await of.checkout.run(command, {
    timeoutMs,
    signal: of.signal,
    by: "check",
    frozen,
    onOutput: (text) => of.onOutput?.(command, text),
  })
  if (of.signal.aborted) return undefined
  const changed = (await of.checkout.touched()).filter(({ isChanged }) => isChanged)
  const names = changed.slice(0, maxChangedNamed).map(({ path }) => showBytes(path))
  return {
    command,
    source,
    passed: result.exitCode === 0,
    exitCode: result.exitCode,
    durationMs: result.durationMs,
    output: result.over ? `${result.output}\n${describeOver(result.over, timeoutMs)}` : result.output,
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
