/** What stays of a "done" that was proven: evidence, a commit, and what the agent said; also after a crash in between. */
import { release } from "node:os"
import type { CheckResult, Entry, Evidence, ProofFinding, Task } from "@aura/core"
import { type Aura, loops, sessions, tasks } from "@aura/domain"
import { showBytes } from "@aura/workspace"
import type { Outcome, Work } from "../attempt.ts"
import { mark } from "../crash-points.ts"
import { TaskDone } from "../tools/outcome.ts"
import { proofTrailer, toMessage } from "./commit-message.ts"

type Done = Extract<Outcome, { kind: "done" }>

/** Evidence first, then the commit: after a crash in between, the commit is found by its trailer. */
export async function prove(
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
    further: Pick<Evidence, "heldOut" | "reviews" | "unnoticed">
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

/** What is kept of a "done" that was proven, and what the agent is told. */
export async function takeAtItsWord(
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

function toAcceptance(checks: readonly CheckResult[], taken: number, wanted: number): string {
  const commands = checks.map((check) => check.command).join(", ")
  const left =
    wanted > taken ? ` ${wanted - taken} follow-ups were not taken: there are too many already.` : ""
  return `Accepted: ${commands} passed and the work is committed.${left}`
}
