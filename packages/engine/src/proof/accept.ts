/** Acceptance: what happens when an agent says "done". Its word starts the checks; only they decide. */
import { release } from "node:os"
import { posix } from "node:path"
import type { CheckResult, Entry, Evidence, FileChange, ProofFinding, Task } from "@aura/core"
import { type Aura, certificates, loops, sessions, tasks } from "@aura/domain"
import { findHarmless, type Git, showBytes } from "@aura/workspace"
import { mark } from "../crash-points.ts"
import type { Outcome, Work } from "../loop/attempt.ts"
import { entriesOfAttempt, waitsForAnswer } from "../loop/standing.ts"
import type { Fence } from "../tools/files.ts"
import { TaskDone } from "../tools/outcome.ts"
import type { ToolContext, ToolOutcome } from "../tools/tool.ts"
import { guard, type Verdict } from "./guard.ts"
import { refuseLeaks } from "./leaks.ts"
import { createLeftOut } from "./left-out.ts"
import { type Broken, findConcerned, recheck } from "./regression.ts"
import { secondOpinion } from "./second-opinion.ts"
import { verify } from "./verify.ts"
import { describeUnfit, type Unfit } from "./worth.ts"

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
    const of = { from: base, to: tree, except: fenced, harmless: findHarmless(description) }
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

  async function accept(input: TaskDone, context: ToolContext): Promise<ToolOutcome> {
    base = await git.rebase(base)
    const tree = await git.snapshot()
    const refusal =
      (await leftOut.refuse(tree, input.left_out ?? [])) ??
      (await refuse(work, base, await git.changes(base, tree), fenced, input)) ??
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
        const broken = await breaksEarlier(work, task, {
          base,
          tree,
          committed,
          checks: result.checks,
          context,
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
          further: opinion.evidence,
        })
        const accepted = await takeAtItsWord(work.engine.aura, task, input, result.checks)
        outcome = accepted.outcome
        return { output: accepted.output, ends: true }
      }
    }
  }
  return { fence: toFence(fenced, git), accept, outcome: () => outcome }
}

type Done = Extract<Outcome, { kind: "done" }>

/** What is kept of a "done" that was proven, and what the agent is told. */
async function takeAtItsWord(
  aura: Aura,
  task: Task,
  input: TaskDone,
  checks: readonly CheckResult[],
): Promise<{ outcome: Done; output: string }> {
  const wanted = input.follow_ups ?? []
  const followUps = wanted.slice(0, await tasks.followUpRoom(aura, task))
  return {
    outcome: { kind: "done", notes: input.notes, followUps },
    output: toAcceptance(checks, followUps.length, wanted.length),
  }
}

/**
 * After a crash between commit and "done" the commit is there. It is not made twice, and the call of task_done
 * that led to it stands in the journal with all it said.
 */
export async function findAccepted(work: Work, task: Task): Promise<Done | undefined> {
  const { aura } = work.engine
  if (!task.evidence) return undefined
  const sha = task.commit ?? (await work.git.findCommit(proofTrailer(task, task.evidence)))
  if (!sha) return undefined
  if (!task.commit) await tasks.recordCommit(aura, { task, loopId: work.loop.id }, sha)
  const call = findDone(await sessions.entriesOfTask(aura, task.id))
  const { outcome, output } = await takeAtItsWord(
    aura,
    task,
    call?.input ?? { notes: "" },
    task.evidence.checks,
  )
  if (call && work.journal.transcript.isOpen(call.id)) {
    const { id: toolUseId, input } = call
    const entry = { kind: "tool", toolUseId, name: "task_done", input, output } as const
    const stored = { ...entry, isError: false, durationMs: 0, taskId: task.id }
    await work.journal.record(stored)
    work.journal.transcript.add(stored)
  }
  return outcome
}

/** The newest call of task_done. */
function findDone(entries: readonly Entry[]): { id: string; input: TaskDone } | undefined {
  for (const entry of entries.toReversed()) {
    for (const block of entry.kind === "reply" ? entry.blocks : []) {
      if (block.type !== "tool_use" || block.name !== "task_done") continue
      const input = TaskDone.safeParse(block.input).data
      if (input) return { id: block.id, input }
    }
  }
  return undefined
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

/** Evidence first, then the commit: after a crash in between, the commit is found by its trailer. */
async function prove(
  work: Work,
  task: Task,
  proof: {
    base: string
    tree: string
    treeHash: string
    foreign: readonly string[]
    uncommitted: string[]
    keepsBehaviour: string | undefined
    findings: ProofFinding[]
    checks: CheckResult[]
    further: Pick<Evidence, "heldOut" | "reviews">
  },
): Promise<void> {
  const { aura } = work.engine
  await loops.note(aura, work.loop.id, { phase: "committing" })
  const changes = await work.git.changes(proof.base, proof.tree)
  const filesChanged = changes
    .filter((change) => !proof.foreign.includes(change.path))
    .map((change) => ({ ...change, path: showBytes(change.path) }))
  const evidence: Evidence = {
    at: new Date(aura.now()).toISOString(),
    treeHash: proof.treeHash,
    checks: proof.checks,
    ...(proof.keepsBehaviour === undefined ? {} : { keepsBehaviour: proof.keepsBehaviour }),
    environment: {
      aura: aura.config.version,
      node: process.version,
      os: `${process.platform} ${release()} ${process.arch}`,
      sandbox: aura.config.sandbox.kind,
    },
    foreignFiles: proof.foreign.map(showBytes),
    ...(proof.uncommitted.length === 0 ? {} : { uncommitted: proof.uncommitted }),
    ...(proof.findings.length === 0 ? {} : { findings: proof.findings }),
    ...proof.further,
  }
  const claimed = { task, loopId: work.loop.id }
  const proven = await tasks.prove(aura, claimed, evidence, filesChanged)
  mark(aura, "evidence.stored")
  const message = toMessage(proven, proven.evidence ?? evidence, work.journal.session.id)
  const { sha } = await work.git.commit(proof.base, proof.tree, { except: proof.foreign, message })
  mark(aura, "commit.made")
  await tasks.recordCommit(aura, claimed, sha)
  mark(aura, "commit.recorded")
}

export function taskTrailer(taskId: string): string {
  return `Aura-Task: ${taskId}`
}

/** Names this proof and no earlier one: a task that is done again has an older commit as well. */
function proofTrailer(task: Task, evidence: Evidence): string {
  return `Aura-Proof: ${task.id} ${evidence.at}`
}

function toMessage(task: Task, evidence: Evidence, sessionId: string): string {
  const subject = cutSubject(task.title)
  const proof = evidence.checks.map(({ command }) => `- ${toLine(command)}`).join("\n")
  const requirements =
    task.requirementIds.length > 0 ? `Requirements: ${task.requirementIds.join(", ")}\n\n` : ""
  return `${subject}\n\n${requirements}Checks that passed:\n${proof}\n\n${taskTrailer(task.id)}\nAura-Session: ${sessionId}\n${proofTrailer(task, evidence)}\n${certificates.evidenceTrailer(task.id, evidence)}\n`
}

/** One line for each command; `verify-clone.ts` reads them back. */
function toLine(command: string): string {
  return /[\r\n]/.test(command) || command.startsWith('"') ? JSON.stringify(command) : command
}

const longestSubject = 72

/** One line; no character is cut in two, nor what several of them make one, such as a flag. */
export function cutSubject(title: string): string {
  const line = title.replace(/\s+/g, " ").trim().toWellFormed()
  if (line.length <= longestSubject) return line
  let cut = ""
  for (const { segment } of new Intl.Segmenter("en").segment(line)) {
    if (cut.length + segment.length >= longestSubject) break
    cut += segment
  }
  return `${cut.trimEnd()}…`
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
    return `${touched.map(showBytes).join(", ")} had uncommitted changes of the user, so Aura put them back. Do without changing them, or call task_blocked.`
  }
  const written = changes.filter(({ op }) => op !== "deleted").map(({ path }) => path)
  const filtered = await work.git.filtered(written)
  const [filter] = filtered.values()
  if (filter !== undefined)
    return `Not accepted: ${describeFilter([...filtered.keys()].slice(0, 10), filter)}`
  if (changes.length > 0 || input.no_changes_needed) return undefined
  return "No file has changed since the task began. If the folder was right already, call task_done with no_changes_needed: true."
}

function toFence(fenced: ReadonlySet<string>, git: Git): Fence {
  return {
    async refuse(path) {
      const name = posix.normalize(path)
      const inRepository = git.prefix + name
      const filter = (await git.filtered([inRepository])).get(inRepository)
      if (filter !== undefined) return describeFilter([name], filter)
      return fenced.has(inRepository)
        ? `${name} has uncommitted changes of the user; Aura leaves such files alone. Do without changing it, or call task_blocked.`
        : undefined
    },
  }
}

function describeFilter(paths: readonly string[], filter: string): string {
  return `.gitattributes names the filter "${filter}" for ${paths.map(showBytes).join(", ")}. Aura runs no filter of a repository, and without it git would keep the wrong content. Put it under another name that no filter is named for, or call task_blocked.`
}

function toFailure(check: CheckResult): string {
  const how = check.exitCode === null ? "did not end in time" : `ended with exit code ${check.exitCode}`
  return `Not accepted. Aura ran \`${check.command}\` on a clean checkout of what would be committed, and it ${how}:\n${check.output}\nFind the cause, fix it, and call task_done again. In that checkout are the files git takes, installed dependencies and what the build command makes; no ignored files, nothing that an earlier check or command left.`
}

/** What proved earlier tasks whose files this one changed too. */
async function breaksEarlier(
  work: Work,
  task: Task,
  of: {
    base: string
    tree: string
    committed: string
    checks: readonly CheckResult[]
    context: ToolContext
  },
): Promise<Broken | "stopped" | undefined> {
  const { git, engine, checkout } = work
  const paths = (await git.changes(of.base, of.tree)).map(({ path }) => showBytes(path))
  const earlier = findConcerned(await tasks.list(engine.aura, task.projectId), task, paths)
  if (earlier.length === 0) return undefined
  const known = new Set(of.checks.map(({ command }) => command))
  const run = {
    checkout,
    tree: of.committed,
    signal: of.context.signal,
    onStart: (command: string) => tellCheck(work, task, command, 1),
  }
  const found = await recheck(run, earlier, known).finally(() => checkout.remove())
  if (!found) return "stopped"
  await noteFlaky(work, found.flaky)
  return found.broken[0]
}

export async function noteFlaky({ journal }: Work, flaky: readonly string[]): Promise<void> {
  if (flaky.length === 0) return
  const text = `Failed once and passed the second time, on the same files: ${flaky.join(", ")}. Such a check proves little; make it stable.`
  await journal.record({ kind: "note", level: "warn", text })
}

function toBroken({ task, check }: Broken): string {
  return `Not accepted: what proved the earlier task "${task.title}" fails with your change. Aura ran \`${check.command}\` twice on a clean checkout:\n${check.output}\nKeep what it proves working, and call task_done again. If your task is meant to change that, call task_blocked and say so.`
}

function toIdle(checks: readonly CheckResult[], isUnchanged: boolean): string {
  const commands = checks.map(({ command }) => `- \`${command}\``).join("\n")
  const rest = isUnchanged
    ? "Nothing was changed, and no check of the plan is among them. Do the work; or, where the folder is right already, say why in keeps_behaviour: the task is done then, and a person decides whether its requirements count."
    : "Call task_done again with checks that fail without your work, such as a test of the new behaviour. Only where the work changes nothing that a check could show, such as a refactoring, say why in keeps_behaviour."
  return `Not accepted: these pass without your change as well, so they prove nothing about it:\n${commands}\n${rest}`
}

function toUnproven(unfit: readonly Unfit[]): string {
  return `Not accepted: nothing proves this task yet.\n${describeUnfit(unfit)}\nCall task_done again with checks: commands that fail while the work is not right, such as a test of it (node --test FILE), or grep -q 'words that must be there' FILE for a document.`
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
