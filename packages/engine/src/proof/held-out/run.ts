/** Runs held-out checks in a clean checkout, into which their files are written for this run alone. */
import type { CheckResult, HeldOutCheck, HeldOutResult } from "@aura/core"
import { heldOut } from "@aura/domain"
import type { Work } from "../../attempt.ts"
import { mark } from "../../crash-points.ts"
import { findCommands, treePlace } from "../commands.ts"
import { findNoTests } from "../no-tests.ts"
import type { FailedCheck } from "./behaviour.ts"

const timeoutMs = 10 * 60 * 1000

export type HeldOutRun = { kind: "ran"; passed: HeldOutResult[]; failed: FailedCheck[] } | { kind: "stopped" }

/** One that has passed on this tree is not run again. */
export async function runHeldOut(
  work: Work,
  checks: readonly HeldOutCheck[],
  tree: string,
  signal: AbortSignal,
): Promise<HeldOutRun> {
  const passed: HeldOutResult[] = []
  const failed: FailedCheck[] = []
  try {
    let isReady = false
    for (const check of checks) {
      const known = check.result?.treeHash === tree && check.result.passed ? check.result : undefined
      if (!known && !isReady) {
        await prepare(work, tree, signal)
        isReady = true
      }
      const ran = known ?? (await runOne(work, check, tree, signal))
      if (!ran || signal.aborted) return { kind: "stopped" }
      if (!known) await heldOut.ran(work.engine.aura, check.id, ran)
      if (!known) mark(work.engine.aura, "held_out.ran")
      const { id, requirementId, title } = check
      const { durationMs, outputDigest } = ran
      const checkDigest = heldOut.digest(check)
      if (ran.passed)
        passed.push({ id, requirementId, title, treeHash: tree, durationMs, outputDigest, checkDigest })
      else failed.push({ check, seen: toSeen(ran.exitCode) })
    }
  } finally {
    await work.checkout.remove()
  }
  return { kind: "ran", passed, failed }
}

/** Builds the tree; what the build makes is there for each check. */
async function prepare({ git, checkout, project }: Work, tree: string, signal: AbortSignal): Promise<void> {
  await checkout.reset(tree)
  const build = (await findCommands([treePlace(git, tree)], project)).find(({ source }) => source === "build")
  if (build) await checkout.run(build.command, { timeoutMs: 3 * timeoutMs, signal, by: "check" })
  await checkout.keep()
}

async function runOne(
  { checkout }: Work,
  check: Pick<HeldOutCheck, "command" | "files">,
  tree: string,
  signal: AbortSignal,
): Promise<NonNullable<HeldOutCheck["result"]> | undefined> {
  await checkout.goBack()
  for (const { path, content } of check.files) await checkout.folder.write(path, content)
  const result = await checkout.run(check.command, { timeoutMs, signal, by: "check", isSealed: true })
  if (signal.aborted) return undefined
  return {
    treeHash: tree,
    passed: result.exitCode === 0 && findNoTests(result.output) === undefined,
    exitCode: result.exitCode,
    durationMs: result.durationMs,
    outputDigest: result.outputDigest,
  }
}

/** Tries a check on a tree that holds nothing of the work yet. */
export async function tryOn(
  work: Work,
  tree: string,
  check: Pick<HeldOutCheck, "command" | "files">,
  signal: AbortSignal,
): Promise<Pick<CheckResult, "passed" | "exitCode"> | undefined> {
  try {
    await work.checkout.reset(tree)
    await work.checkout.keep()
    return await runOne(work, check, tree, signal)
  } finally {
    await work.checkout.remove()
  }
}

function toSeen(exitCode: number | null): string {
  return exitCode === null
    ? "Seen: it did not come to an end in time."
    : "Seen: the product does something else."
}
