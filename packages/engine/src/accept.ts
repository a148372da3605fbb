/** Acceptance: what happens when an agent says "done". Its word starts the checks; only they decide. */
import type { CheckResult, Evidence, FileChange, Task } from "@aura/core"
import { loops, tasks } from "@aura/domain"
import type { Outcome, Work } from "./run-task.ts"
import type { Fence } from "./tools/files.ts"
import type { TaskDone } from "./tools/outcome.ts"
import type { ToolContext, ToolOutcome } from "./tools/tool.ts"
import { verify } from "./verify.ts"

export type Acceptance = {
  /** Keeps the agent off files with uncommitted changes of the user. */
  fence: Fence
  accept(input: TaskDone, context: ToolContext): Promise<ToolOutcome>
  /** Set once the task is proven and committed, or given up. */
  outcome(): Outcome | undefined
}

/** Rounds of failing checks before an attempt is over. */
const mostRounds = 4

export async function acceptance(work: Work, task: Task): Promise<Acceptance> {
  const { git } = work
  const base = task.baseTree ?? (await git.snapshot())
  const foreign = (await git.changes(await git.headTree(), base)).map((change) => change.path)
  const fenced = new Set(foreign)
  let round = work.journal.entries.filter(
    (entry) => entry.kind === "check" && entry.taskId === task.id && !entry.check.passed,
  ).length
  let outcome: Outcome | undefined

  async function accept(input: TaskDone, context: ToolContext): Promise<ToolOutcome> {
    const changes = await git.changes(base, await git.snapshot())
    const refusal = await refuse(work, base, changes, fenced, input)
    if (refusal) return { output: refusal, isError: true }
    await loops.note(work.engine.aura, work.loop.id, { phase: "checking" })
    const result = await verify({
      ...work,
      task,
      extraChecks: input.checks ?? [],
      signal: context.signal,
      onStart: (command) => tellCheck(work, task, command, round + 1),
      onOutput: (command, text) => tellCheckOutput(work, task, command, text),
      onResult: (check) => record(work, task, check, round + 1),
    })
    await loops.note(work.engine.aura, work.loop.id, { phase: "working" })
    switch (result.kind) {
      case "stopped":
        return { output: "The checks were interrupted by the user. Call task_done again.", isError: true }
      case "nothing_to_run":
        return {
          output:
            "Nothing is known that proves this task: it has no checks, and the project has no build or test command. Call task_done again with checks: commands that exit 0 only when the task is right.",
          isError: true,
        }
      case "failed":
        round += 1
        if (round < mostRounds) return { output: toFailure(result.failed), isError: true }
        outcome = {
          kind: "failed",
          reason: `${result.failed.command} still failed after ${round} rounds: ${lastLines(result.failed.output, 8)}`,
        }
        return { output: toFailure(result.failed), isError: true, ends: true }
      case "passed": {
        await prove(work, task, { base, tree: result.tree, foreign, checks: result.checks })
        const followUps = (input.follow_ups ?? []).slice(0, await tasks.followUpRoom(work.engine.aura, task))
        outcome = { kind: "done", notes: input.notes, followUps }
        return {
          output: toAcceptance(result.checks, followUps.length, input.follow_ups?.length ?? 0),
          ends: true,
        }
      }
    }
  }
  return { fence: toFence(fenced), accept, outcome: () => outcome }
}

/** Evidence first, then the commit: after a crash in between, the commit is found by its trailer. */
async function prove(
  work: Work,
  task: Task,
  proof: { base: string; tree: string; foreign: readonly string[]; checks: CheckResult[] },
): Promise<void> {
  const { aura } = work.engine
  await loops.note(aura, work.loop.id, { phase: "committing" })
  const changes = await work.git.changes(proof.base, proof.tree)
  const filesChanged = changes.filter((change) => !proof.foreign.includes(change.path))
  const treeHash = await work.git.treeOf(proof.base, proof.tree, proof.foreign)
  const evidence: Evidence = {
    at: new Date(aura.now()).toISOString(),
    treeHash,
    checks: proof.checks,
    foreignFiles: [...proof.foreign],
  }
  const proven = await tasks.prove(aura, task, evidence, filesChanged)
  const message = toMessage(proven, work.journal.session.id)
  const { sha } = await work.git.commit(proof.base, proof.tree, { except: proof.foreign, message })
  await tasks.recordCommit(aura, proven, sha)
}

export function taskTrailer(taskId: string): string {
  return `Aura-Task: ${taskId}`
}

function toMessage(task: Task, sessionId: string): string {
  const subject = task.title.length > 72 ? `${task.title.slice(0, 71)}…` : task.title
  const proof = (task.evidence?.checks ?? []).map((check) => `- ${check.command}`).join("\n")
  const requirements =
    task.requirementIds.length > 0 ? `Requirements: ${task.requirementIds.join(", ")}\n\n` : ""
  return `${subject}\n\n${requirements}Checks that passed:\n${proof}\n\n${taskTrailer(task.id)}\nAura-Session: ${sessionId}\n`
}

async function refuse(
  work: Work,
  base: string,
  changes: readonly FileChange[],
  fenced: ReadonlySet<string>,
  input: TaskDone,
): Promise<string | undefined> {
  const touched = changes.map((change) => change.path).filter((path) => fenced.has(path))
  if (touched.length > 0) {
    await work.git.restore(base, touched)
    return `${touched.join(", ")} had uncommitted changes of the user, so Aura put them back. Do without changing them, or call task_blocked.`
  }
  if (changes.length > 0 || input.no_changes_needed) return undefined
  return "No file has changed since the task began. If the folder was right already, call task_done with no_changes_needed: true."
}

function toFence(fenced: ReadonlySet<string>): Fence {
  return {
    refuse(path) {
      const name = path.replace(/^\.\//, "")
      return fenced.has(name)
        ? `${name} has uncommitted changes of the user; Aura leaves such files alone. Do without changing it, or call task_blocked.`
        : undefined
    },
  }
}

function toFailure(check: CheckResult): string {
  const how = check.exitCode === null ? "did not end in time" : `ended with exit code ${check.exitCode}`
  return `Not accepted. Aura ran \`${check.command}\` and it ${how}:\n${check.output}\nFind the cause, mend it, and call task_done again.`
}

function toAcceptance(checks: readonly CheckResult[], taken: number, wanted: number): string {
  const commands = checks.map((check) => check.command).join(", ")
  const left =
    wanted > taken ? ` ${wanted - taken} follow-ups were not taken: there are too many already.` : ""
  return `Accepted: ${commands} passed and the work is committed.${left}`
}

function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(-count).join("\n").slice(-1500)
}

async function record(work: Work, task: Task, check: CheckResult, round: number): Promise<void> {
  await work.journal.record({ kind: "check", round, check, taskId: task.id })
}

function tellCheck(work: Work, task: Task, command: string, round: number): void {
  const { id: sessionId, projectId } = work.journal.session
  work.engine.aura.live({ type: "check.started", projectId, sessionId, taskId: task.id, command, round })
}

function tellCheckOutput(work: Work, task: Task, command: string, text: string): void {
  const { id: sessionId, projectId } = work.journal.session
  work.engine.aura.live({ type: "check.output", projectId, sessionId, taskId: task.id, command, text })
}
