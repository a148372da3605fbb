/** Regression: what proved earlier tasks still has to pass. */
import type { CheckResult, Task } from "@aura/core"
import { tasks as rows } from "@aura/domain"
import { type Checkout, showBytes } from "@aura/workspace"
import type { Work } from "../attempt.ts"
import { prepare, runBuild, runCheck } from "./run-check.ts"

export type Broken = { task: Task; check: CheckResult }
export type Recheck = {
  checkout: Checkout
  tree: string
  signal: AbortSignal
  onStart?(command: string): void
}

/** Checks that prove a task: what passed and is its own, or the project's tests. */
function proofsOf({ evidence }: Task): CheckResult[] {
  return evidence?.checks.filter(({ passed, source }) => passed && source !== "build") ?? []
}

/**
 * Runs what proved tasks again, each command once. One that fails is tried a second time.
 * @param of.known commands that are known to pass on this tree
 * @returns `flaky`: commands that failed once and passed then; undefined when it was stopped
 */
export async function recheck(
  of: Recheck,
  tasks: readonly Task[],
  known: ReadonlySet<string> = new Set(),
): Promise<{ broken: Broken[]; flaky: string[] } | undefined> {
  const seen = new Map<string, CheckResult | undefined>()
  const broken: Broken[] = []
  const flaky: string[] = []
  for (const task of tasks) {
    const build = task.evidence?.checks.find(({ source }) => source === "build")
    for (const proof of proofsOf(task)) {
      if (known.has(proof.command)) continue
      if (!seen.has(proof.command)) {
        const ended = await runTwice(of, proof, build)
        if (!ended) return undefined
        if (ended.isFlaky) flaky.push(proof.command)
        seen.set(proof.command, ended.failed)
      }
      const failed = seen.get(proof.command)
      if (failed) broken.push({ task, check: failed })
    }
  }
  return { broken, flaky }
}

async function runTwice(
  of: Recheck,
  proof: CheckResult,
  build: CheckResult | undefined,
): Promise<{ failed: CheckResult | undefined; isFlaky: boolean } | undefined> {
  for (let tries = 1; ; tries++) {
    const built = build && (await runBuild(of, { command: build.command, source: "build" }))
    if (build && !built) return undefined
    const run = { ...of, isBuilt: built?.passed === true }
    await prepare(run)
    const check = await runCheck(run, { command: proof.command, source: proof.source })
    if (!check) return undefined
    if (check.passed) return { failed: undefined, isFlaky: tries > 1 }
    if (tries > 1) return { failed: check, isFlaky: false }
  }
}

/** Earlier tasks that changed files which this change touches as well. */
function findConcerned(tasks: readonly Task[], task: Task, paths: readonly string[]): Task[] {
  const touched = new Set(paths)
  return tasks.filter(
    (other) =>
      other.id !== task.id &&
      other.status === "done" &&
      other.filesChanged.some(({ path }) => touched.has(path)),
  )
}

/** Of what proved earlier tasks whose files this one changed too, the first that fails now. */
export async function findBroken(
  work: Work,
  task: Task,
  of: {
    base: string
    tree: string
    committed: string
    checks: readonly CheckResult[]
    signal: AbortSignal
    onStart(command: string): void
  },
): Promise<Broken | "stopped" | undefined> {
  const { git, engine, checkout } = work
  const paths = (await git.changes(of.base, of.tree)).map(({ path }) => showBytes(path))
  const earlier = findConcerned(await rows.list(engine.aura, task.projectId), task, paths)
  if (earlier.length === 0) return undefined
  const known = new Set(of.checks.map(({ command }) => command))
  const run = { checkout, tree: of.committed, signal: of.signal, onStart: of.onStart }
  const found = await recheck(run, earlier, known).finally(() => checkout.remove())
  if (!found) return "stopped"
  await noteFlaky(work, found.flaky)
  return found.broken[0]
}

/** Says which checks failed once and passed then. */
export async function noteFlaky({ journal }: Work, flaky: readonly string[]): Promise<void> {
  if (flaky.length === 0) return
  const text = `Failed once and passed the second time, on the same files: ${flaky.join(", ")}. Such a check proves little; make it stable.`
  await journal.record({ kind: "note", level: "warn", text })
}
