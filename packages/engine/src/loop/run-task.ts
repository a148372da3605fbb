/** One attempt at one task: brief → turns → verification → commit; rotating sessions as often as they fill. */

import { AuraError, type Task } from "@aura/core"
import { comments, loops, type NewEntry, specs, tasks } from "@aura/domain"
import { countChars, type Failure, type ModelEvent } from "@aura/model"
import type { Outcome, Work } from "../attempt.ts"
import { allow } from "../budget.ts"
import { mark } from "../crash-points.ts"
import { acceptance } from "../proof/accept.ts"
import { isSlow } from "../session/cache-time.ts"
import { describeEnvironment, environmentHeading } from "../session/environment.ts"
import { createWaitWatch, type Journal, tellLive, tellOutput, tellTool } from "../session/journal.ts"
import { restWhilePaused } from "../session/rest.ts"
import { hasProgress, isDue, isHandingOver, rotate } from "../session/rotate.ts"
import {
  carryFrom,
  countNudges,
  countParts,
  entriesOfAttempt,
  findBlocked,
  isUnderWay,
  waitsForAnswer,
} from "../session/standing.ts"
import { runTurns } from "../session/turns.ts"
import { specHeading, writeBrief } from "./brief.ts"
import { createStall, isAsk } from "./stall.ts"
import { shownTools, workTools } from "./work-tools.ts"

/** What ends the turns from outside; `rotate` goes on in a new session. */
type Gate = "stopped" | "rotate" | { budget: string } | { stuck: string } | { skipped: string }

const maxNudges = 3

export async function runTask(work: Work, claimed: Task): Promise<Outcome> {
  const { aura } = work.engine
  let task = claimed
  let part = await countParts(aura, task)
  if (!isUnderWay(work.journal, task)) {
    part += 1
    await prompt(work, task, await brief(work, task, part, await carryFrom(aura, work.journal)), "task")
    mark(aura, part === 1 ? "work.briefed" : "session.briefed")
  }
  // After the brief: a task whose base is known goes on in its session, any other begins.
  if (!task.baseTree) {
    await keepFolder(work, task)
    task = await tasks.setBase(aura, { task, loopId: work.loop.id }, await work.git.snapshot())
    mark(aura, "work.based")
  }
  for (;;) {
    const end = isHandingOver(work.journal.entries) ? "rotate" : await runSession(work, task)
    if (end !== "rotate") return end
    await loops.note(aura, work.loop.id, { phase: "handing_over" })
    const spec = await specs.get(aura, work.project.id, task.specId).catch(() => undefined)
    const turned = await rotate(work.engine, {
      ...work,
      task,
      specTitle: spec?.title ?? null,
      tools: await shownTools(work, task.id),
      signal: work.control.signal,
      onEvent: watchWaits(work),
    })
    if (!turned) return { kind: "stopped" }
    work.journal = turned.journal
    part += 1
    await loops.note(aura, work.loop.id, { phase: "working", sessionId: work.journal.session.id })
    await prompt(work, task, await brief(work, task, part, turned.carried), "task")
    mark(aura, "session.briefed")
  }
}

/** What lies in the folder before the task, to go back to; without it the work goes on, and says so. */
async function keepFolder({ place, loop, journal }: Work, task: Task): Promise<void> {
  const { projectId, instanceId } = loop
  const why = `Before the task “${task.title}”`
  const of = { projectId, instanceId, taskId: task.id, kind: "task", why } as const
  await place.snapshots.take(of).catch(async (thrown: unknown) => {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    const text = `The folder could not be kept before the task. ${reason}`
    await journal.record({ kind: "note", level: "warn", text, taskId: task.id })
  })
}

async function runSession(work: Work, task: Task): Promise<Outcome | "rotate"> {
  const { aura } = work.engine
  const { journal } = work
  let blocked = findBlocked(journal.entries, task)
  if (blocked !== undefined) return { kind: "blocked", reason: blocked }
  let nudges = countNudges(journal.entries, isAsk)
  const earlier = await entriesOfAttempt(aura, task)
  const stall = createStall(earlier)
  let slow = earlier.some(isSlow) || journal.entries.some(isSlow)
  const tellWaiting = watchWaits(work)
  let maxTokens = 0
  const accept = await acceptance(work, task)
  const decided = accept.outcome()
  if (decided) return decided
  if (task.baseTree) stall.see(task.baseTree)
  const spend = async (): Promise<Gate | undefined> => {
    const allowance = await allow(work.engine, work.project, {
      session: journal.session,
      addedChars: addedChars(journal, work.system),
    })
    if (allowance.kind === "refused") return { budget: allowance.reason }
    maxTokens = allowance.maxTokens
    return undefined
  }
  const tools = await workTools(work, {
    fence: accept.fence,
    taskId: task.id,
    accept: accept.accept,
    onAsked: () => {
      blocked = waitsForAnswer
    },
    onBlocked: (reason) => {
      blocked = reason
    },
  })
  const end = await runTurns<Gate>({
    model: work.model,
    modelName: journal.session.model,
    system: work.system,
    maxTokens: () => maxTokens,
    effort: work.effort,
    cacheFor: () => (slow ? "1h" : undefined),
    tools,
    transcript: journal.transcript,
    turn: journal.session.turns,
    signal: work.control.signal,
    record: async (entry) => {
      stall.add(entry)
      slow ||= isSlow(entry)
      if (entry.kind === "tool") nudges = 0
      await journal.record({ ...entry, taskId: task.id })
      if (entry.kind === "intent") mark(aura, "work.intent_stored")
    },
    gate: async (next) => {
      if ((await restWhilePaused(work)) === "stopped") return "stopped"
      await requireFolder(work)
      if (work.control.isSkipping) return { skipped: "Skipped by you. Retry it when its time has come." }
      if (next === "tool") return undefined
      await hear(work, task)
      if (stall.isSuspicious) stall.see(await work.git.snapshot())
      const verdict = stall.judge()
      if (verdict === "over") return { stuck: stall.diagnose() }
      if (verdict === "ask") await prompt(work, task, stall.ask(), "nudge")
      if (isDue(journal.session, journal.entries)) return "rotate"
      return await spend()
    },
    onRest: async (reply) => {
      if (nudges++ >= maxNudges) return undefined
      if (reply.stopReason === "max_tokens")
        return "Your reply was cut off at its length limit. Go on in smaller steps."
      return "The task is not finished until task_done is accepted. Go on, or call task_done or task_blocked."
    },
    onEvent: (event) => {
      tellLive(aura, journal, journal.session.turns + 1, event, task.id)
      tellWaiting(event)
    },
    onToolStart: (call) => tellTool(aura, journal, call, task.id),
    onToolOutput: (call, text) => tellOutput(aura, journal, call, text, task.id),
    mark: (moment) => mark(aura, `work.${moment}`),
  })
  switch (end.kind) {
    case "ended":
      if (blocked !== undefined) return { kind: "blocked", reason: blocked }
      return accept.outcome() ?? { kind: "failed", reason: "The turn ended without a result." }
    case "gate":
      return toOutcome(end.end)
    case "rest":
      return {
        kind: "failed",
        reason:
          end.reply.stopReason === "refusal"
            ? "The model refused to go on."
            : "The model kept ending its turn without task_done.",
      }
    case "failed":
      return toFailureOutcome(end.failure, journal)
  }
}

function toOutcome(gate: Gate): Outcome | "rotate" {
  if (gate === "rotate") return gate
  if (gate === "stopped") return { kind: "stopped" }
  if ("budget" in gate) return { kind: "budget", reason: gate.budget }
  return { kind: "blocked", reason: "stuck" in gate ? gate.stuck : gate.skipped }
}

/** What the provider does is never the task's fault. */
function toFailureOutcome(failure: Failure, journal: Journal): Outcome | "rotate" {
  switch (failure.kind) {
    case "aborted":
      return { kind: "stopped" }
    case "too_long":
      return hasProgress(journal.session, journal.entries)
        ? "rotate"
        : { kind: "failed", reason: failure.message }
    case "bad_request":
      return { kind: "error", reason: failure.message }
    default:
      return { kind: "provider", reason: failure.message }
  }
}

/** What a person said meanwhile goes to the model with the next request, and is stored as seen with it. */
async function hear(work: Work, task: Task): Promise<void> {
  const waiting = await comments.listWaiting(work.engine.aura, task)
  if (waiting.length === 0) return
  const { journal } = work
  const text = comments.toPrompt(waiting)
  const entry: NewEntry = { kind: "prompt", from: "user", about: "comment", text, taskId: task.id }
  await journal.record(entry, { comments: comments.seen(work.engine.aura, waiting, journal.session.id) })
  journal.transcript.add(entry)
}

/** A folder that was removed, renamed or unmounted fails no task: the loop ends and says so. */
async function requireFolder({ workspace }: Work): Promise<void> {
  if (await workspace.exists(".").catch(() => false)) return
  throw new AuraError(
    "service_unavailable",
    `The workspace folder ${workspace.root} is gone: it was moved, removed or unmounted. Bring it back, then start again; nothing was put in its place.`,
  )
}

/** Shows on the loop's row that the provider is waited for. */
function watchWaits(work: Work): (event: ModelEvent) => void {
  return createWaitWatch(async (waiting) => {
    const phase = waiting ? "waiting" : "working"
    await loops
      .note(work.engine.aura, work.loop.id, { waiting, phase })
      .catch((thrown: unknown) => work.engine.report?.(thrown))
  })
}

async function brief(work: Work, task: Task, part: number, carried: string | undefined): Promise<string> {
  const knownSpecs = new Set(
    work.journal.entries.flatMap((entry) =>
      entry.kind === "prompt" && entry.about === "task"
        ? [...entry.text.matchAll(new RegExp(`^${specHeading}(.+)$`, "gm"))].map((match) => match[1] ?? "")
        : [],
    ),
  )
  const isTold = work.journal.entries.some(
    (entry) => entry.kind === "prompt" && entry.about === "task" && entry.text.includes(environmentHeading),
  )
  return await writeBrief(work.engine.aura, {
    project: work.project,
    task,
    workspace: work.workspace,
    part,
    carried,
    knownSpecs,
    environment: isTold ? undefined : await describeEnvironment(work.engine, work.project),
  })
}

async function prompt(work: Work, task: Task, text: string, about: "task" | "nudge"): Promise<void> {
  const entry: NewEntry = { kind: "prompt", from: "aura", about, text, taskId: task.id }
  await work.journal.record(entry)
  work.journal.transcript.add(entry)
}

/** Size of what the next request adds to the last one. */
function addedChars(journal: Journal, system: string): number {
  const messages = journal.transcript.messages
  const lastReply = messages.findLastIndex((message) => message.role === "assistant")
  const added = messages.slice(lastReply + 1)
  return countChars(added) + (lastReply === -1 ? system.length + 6000 : 0)
}
