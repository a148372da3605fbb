/** Acceptance: what happens when an agent says "done". Its word starts the checks; only they decide. */
import type { CheckResult, Entry, Task } from "@aura/core"
import { loops, projects, tasks } from "@aura/domain"
import type { Outcome, Work } from "../attempt.ts"
import { mark } from "../crash-points.ts"
import { entriesOfAttempt, waitsForAnswer } from "../session/standing.ts"
import type { Fence } from "../tools/files.ts"
import type { TaskDone } from "../tools/outcome.ts"
import type { ToolContext, ToolOutcome } from "../tools/tool.ts"
import { toBroken, toFailure, toIdle, toUnproven } from "./answers.ts"
import { refuseChange, toFence } from "./fence.ts"
import { guard, type Verdict } from "./guard.ts"
import { refuseLeaks } from "./leaks.ts"
import { createLeftOut } from "./left-out.ts"
import { describeFault, tryMutants } from "./mutation/try-mutants.ts"
import { prove, takeAtItsWord } from "./prove.ts"
import { findBroken } from "./regression.ts"
import { secondOpinion } from "./second-opinion.ts"
import { verify } from "./verify.ts"

export type Acceptance = {
  /** Keeps the agent off files with uncommitted changes of the user. */
  fence: Fence
  accept(input: TaskDone, context: ToolContext): Promise<ToolOutcome>
  /** Set once the task is proven and committed, or given up. */
  outcome(): Outcome | undefined
}

/** Rounds of failing checks before an attempt is over. */
const maxRounds = 4
const interrupted = "The checks were interrupted by the user. Call task_done again."

export async function acceptance(work: Work, task: Task): Promise<Acceptance> {
  const { git } = work
  let base = task.baseTree ? await git.rebase(task.baseTree) : await git.snapshot()
  const foreign = (await git.changes(await git.headTree(), base)).map((change) => change.path)
  const fenced = new Set(foreign)
  const failed = failedRounds(await entriesOfAttempt(work.engine.aura, task), task)
  let round = failed.length
  const last = failed.at(-1)
  // A crash can come between the last round and what follows from it.
  let outcome: Outcome | undefined = last && round >= maxRounds ? givenUp(last, round) : undefined

  const leaks = async (tree: string) => {
    // As it stands now: a person may have said so since.
    const { description } = await tasks.get(work.engine.aura, task.projectId, task.id)
    const of = { from: base, to: tree, except: fenced, harmless: tasks.findHarmless(description) }
    return await refuseLeaks(git, work.engine.aura.redactor, of)
  }

  const leftOut = createLeftOut(work, task)

  /** What the guard's verdict means for this call; undefined when it goes on. */
  function heed(verdict: Verdict): ToolOutcome | undefined {
    if (verdict.kind === "clear") return undefined
    if (verdict.kind === "refused") return { output: verdict.output, isError: true }
    outcome = { kind: "blocked", reason: waitsForAnswer }
    return {
      output: "A person is asked whether the task may change what proves it.",
      isError: true,
      ends: true,
    }
  }

  /** One round is lost; after the last one the attempt is. */
  function lose(check: CheckResult, output: string): ToolOutcome {
    round += 1
    if (round < maxRounds) return { output, isError: true }
    outcome = givenUp(check, round)
    return { output, isError: true, ends: true }
  }

  /** Faults in the changed lines that no check notices, told to the person. */
  async function findUnnoticed(committed: string, checks: readonly CheckResult[], signal: AbortSignal) {
    const { mutation } = await projects.get(work.engine.aura, task.projectId)
    if (mutation === "off") return []
    const from = await git.treeOf(base, base, foreign)
    const { checkout, engine } = work
    const of = { git, checkout, base: from, tree: committed, checks, except: fenced, signal }
    const found = await tryMutants({ ...of, now: engine.aura.now })
    if (found.length > 0) {
      const text = `The checks pass, and do not notice everything:\n${found.map((one) => `- ${describeFault(one)}`).join("\n")}`
      await work.journal.record({ kind: "note", level: "warn", text, taskId: task.id })
    }
    return found
  }

  async function accept(input: TaskDone, context: ToolContext): Promise<ToolOutcome> {
    base = await git.rebase(base)
    const tree = await git.snapshot()
    const refusal =
      (await leftOut.refuse(tree, input.left_out ?? [])) ??
      (await refuseChange(git, base, await git.changes(base, tree), fenced, input)) ??
      (await leaks(tree))
    if (refusal) return { output: refusal, isError: true }
    const verdict = await guard(work, task, { base, tree, except: fenced, input })
    const stopped = heed(verdict)
    if (stopped) return stopped
    await loops.note(work.engine.aura, work.loop.id, { phase: "checking" })
    const committed = await git.treeOf(base, tree, foreign)
    const result = await verify({
      ...work,
      task,
      // Without the user's uncommitted files, as the other tree is.
      base: await git.treeOf(base, base, foreign),
      tree: committed,
      extraChecks: input.checks ?? [],
      keepsBehaviour: input.keeps_behaviour,
      signal: context.signal,
      onStart: (command) => {
        mark(work.engine.aura, "check.begun")
        tellCheck(work, task, command, round + 1)
      },
      onOutput: (command, text) => tellCheckOutput(work, task, command, text),
      onResult: (check) => record(work, task, check, round + 1),
    })
    await loops.note(work.engine.aura, work.loop.id, { phase: "working" })
    switch (result.kind) {
      case "stopped":
        return { output: interrupted, isError: true }
      case "nothing_to_run":
        return {
          output:
            "Nothing is known that proves this task: it has no checks, and the project has no build or test command. Call task_done again with checks: commands that exit 0 only when the task is right.",
          isError: true,
        }
      case "unproven":
        return { output: toUnproven(result.unfit), isError: true }
      case "idle":
        return { output: toIdle(result.checks, base === tree), isError: true }
      case "failed":
        return lose(result.failed, toFailure(result.failed))
      case "passed": {
        const broken = await findBroken(work, task, {
          base,
          tree,
          committed,
          checks: result.checks,
          signal: context.signal,
          onStart: (command) => tellCheck(work, task, command, 1),
        })
        if (broken === "stopped") return { output: interrupted, isError: true }
        if (broken) {
          await record(work, task, broken.check, round + 1)
          return lose(broken.check, toBroken(broken))
        }
        const { checks } = result
        const opinion = await secondOpinion(work, task, {
          base,
          tree: committed,
          checks,
          signal: context.signal,
        })
        if (opinion.kind === "refused") {
          outcome = opinion.outcome
          return { output: opinion.output, isError: true, ends: outcome !== undefined }
        }
        const unnoticed = await findUnnoticed(committed, checks, context.signal)
        if ((await git.treeOf(base, tree, foreign)) !== committed)
          return {
            output:
              "Somebody committed while the checks ran, so they ran on something else than what would be committed now. Call task_done again.",
            isError: true,
          }
        const uncommitted = await leftOut.tell()
        const findings = verdict.kind === "clear" ? verdict.findings : []
        await prove(work, task, {
          base,
          tree,
          treeHash: committed,
          foreign,
          uncommitted,
          findings,
          keepsBehaviour: input.keeps_behaviour,
          checks,
          further: { ...opinion.evidence, ...(unnoticed.length > 0 ? { unnoticed } : {}) },
        })
        const accepted = await takeAtItsWord(work.engine.aura, task, input, result.checks)
        outcome = accepted.outcome
        return { output: accepted.output, ends: true }
      }
    }
  }
  return { fence: toFence(fenced, git), accept, outcome: () => outcome }
}

/** The check that failed in each round that was answered; a round a crash cut off is gone through again. */
function failedRounds(entries: readonly Entry[], task: Task): CheckResult[] {
  const rounds: CheckResult[] = []
  let failed: CheckResult | undefined
  for (const entry of entries) {
    if (entry.taskId !== task.id) continue
    if (entry.kind === "check") failed = entry.check.passed ? undefined : entry.check
    if (entry.kind !== "tool" || entry.name !== "task_done") continue
    if (failed) rounds.push(failed)
    failed = undefined
  }
  return rounds
}

function givenUp(check: CheckResult, rounds: number): Outcome {
  return {
    kind: "failed",
    reason: `${check.command} still failed after ${rounds} rounds: ${lastLines(check.output, 8)}`,
  }
}

function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(-count).join("\n").slice(-1500)
}

async function record(work: Work, task: Task, check: CheckResult, round: number): Promise<void> {
  mark(work.engine.aura, "check.ran")
  await work.journal.record({ kind: "check", round, check, taskId: task.id })
  mark(work.engine.aura, "check.stored")
}

function tellCheck(work: Work, task: Task, command: string, round: number): void {
  const { id: sessionId, projectId } = work.journal.session
  work.engine.aura.live({ type: "check.started", projectId, sessionId, taskId: task.id, command, round })
}

function tellCheckOutput(work: Work, task: Task, command: string, text: string): void {
  const { id: sessionId, projectId } = work.journal.session
  work.engine.aura.live({ type: "check.output", projectId, sessionId, taskId: task.id, command, text })
}
