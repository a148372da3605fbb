/** A session beside the work, with a context of its own: it writes held-out checks, reviews a change, or uses the product. */
import type { Effort, Entry, Session } from "@aura/core"
import { loops, type NewEntry, sessions } from "@aura/domain"
import type { Model } from "@aura/model"
import type { Work } from "../attempt.ts"
import { allow } from "../budget.ts"
import { mark } from "../crash-points.ts"
import type { Tool } from "../tools/tool.ts"
import { createWaitWatch, type Journal, openJournal, tellLive, tellOutput, tellTool } from "./journal.ts"
import { restWhilePaused } from "./rest.ts"
import { runTurns } from "./turns.ts"

type Purpose = NonNullable<Session["purpose"]>

/** Names a session: after a crash, the same one is found again and goes on. */
export type SideName = { purpose: Purpose; subject: string }

export type Side = SideName & {
  kind: Session["kind"]
  model: Model
  modelName: string
  effort: Effort
  rotateAt: number
  system: string
  prompt: string
  about: Extract<Entry, { kind: "prompt" }>["about"]
  /** True: what it says is kept from clients, since an agent at work must not learn it. */
  isWithheld?: boolean
  tools(journal: Journal): Promise<Tool[]>
  /** Asked when it ends its turn; text is sent back, `undefined` ends it. */
  onRest(journal: Journal): string | undefined
}

export type SideEnd =
  | { kind: "over"; journal: Journal }
  | { kind: "stopped" }
  | { kind: "budget" | "provider" | "error"; reason: string }

const maxTurns = 100

/** Of the whole project: another agent of it may have begun it. */
export async function findSide(work: Work, { purpose, subject }: SideName): Promise<Session | undefined> {
  const all = await sessions.listByProject(work.engine.aura, work.project.id)
  return all.findLast((one) => one.purpose === purpose && one.subject === subject)
}

/**
 * Runs it to its end, or goes on with it. One that has ended is given back as it is: nothing is paid twice. One that failed
 * is held anew.
 */
export async function runSide(work: Work, of: Side): Promise<SideEnd> {
  const { aura } = work.engine
  const found = await findSide(work, of)
  const known = found?.status === "failed" ? undefined : found
  const journal = await openJournal(work.engine, known ?? (await start(work, of)))
  if (journal.session.status !== "active") return { kind: "over", journal }
  mark(aura, "side.opened")
  if (!journal.entries.some(({ kind }) => kind === "prompt")) {
    const prompt = { kind: "prompt", from: "aura", about: of.about, text: of.prompt } as const
    await journal.record(prompt)
    journal.transcript.add(prompt)
    mark(aura, "side.prompted")
  }
  await loops.note(aura, work.loop.id, { sessionId: journal.session.id })
  const end = await converse(work, of, journal)
  await loops.note(aura, work.loop.id, { sessionId: work.journal.session.id, waiting: null })
  return end
}

async function start({ engine, project, instance }: Work, of: Side): Promise<Session> {
  return await sessions.start(engine.aura, {
    projectId: project.id,
    instanceId: instance.id,
    kind: of.kind,
    purpose: of.purpose,
    subject: of.subject,
    model: of.modelName,
    rotateAt: of.rotateAt,
    contextWindow: engine.findModel(of.modelName).contextWindow,
  })
}

async function converse(work: Work, of: Side, journal: Journal): Promise<SideEnd> {
  const { engine, control } = work
  const { aura } = engine
  const tellWaiting = createWaitWatch(async (waiting) => {
    await loops.note(aura, work.loop.id, { waiting }).catch((thrown: unknown) => engine.report?.(thrown))
  })
  let maxTokens = 0
  const end = await runTurns<SideEnd>({
    model: of.model,
    modelName: journal.session.model,
    system: of.system,
    maxTokens: () => maxTokens,
    effort: of.effort,
    tools: await of.tools(journal),
    transcript: journal.transcript,
    turn: journal.session.turns,
    signal: control.signal,
    record: (entry) => journal.record(of.isWithheld ? withhold(entry) : entry),
    gate: async (next) => {
      if ((await restWhilePaused(work)) === "stopped" || control.isSkipping) return { kind: "stopped" }
      if (next === "tool") return undefined
      if (journal.session.turns >= maxTurns) return { kind: "over", journal }
      const isFirst = journal.session.turns === 0
      const addedChars = isFirst ? of.system.length + of.prompt.length : 8000
      const allowance = await allow(engine, work.project, { session: journal.session, addedChars })
      if (allowance.kind === "refused") return { kind: "budget", reason: allowance.reason }
      maxTokens = allowance.maxTokens
      return undefined
    },
    onRest: async (reply) =>
      reply.stopReason === "max_tokens"
        ? "Your reply was cut off at its length limit. Go on where it ended, in smaller steps."
        : of.onRest(journal),
    onEvent: (event) => {
      tellWaiting(event)
      if (!of.isWithheld) tellLive(aura, journal, journal.session.turns + 1, event)
    },
    onToolStart: (call) => {
      if (!of.isWithheld) tellTool(aura, journal, call)
    },
    onToolOutput: (call, text) => {
      if (!of.isWithheld) tellOutput(aura, journal, call, text)
    },
    mark: (moment) => mark(aura, `side.${moment}`),
  })
  if (end.kind === "gate") return end.end
  if (end.kind !== "failed") return { kind: "over", journal }
  const { kind, message } = end.failure
  if (kind === "aborted") return { kind: "stopped" }
  return { kind: kind === "bad_request" || kind === "too_long" ? "error" : "provider", reason: message }
}

function withhold(entry: NewEntry): NewEntry {
  return entry.kind === "intent" ? entry : { ...entry, withheld: true }
}

/** A call that was taken, with its input as the model gave it. */
export type Taken = {
  name: string
  input: Record<string, unknown>
  output: string
  isError: boolean
  exitCode: number | null
}

/** All calls that have a result, in their order. */
export function listCalls(entries: readonly Entry[]): Taken[] {
  const inputs = new Map<string, Record<string, unknown>>()
  return entries.flatMap((entry) => {
    if (entry.kind === "reply")
      for (const block of entry.blocks) if (block.type === "tool_use") inputs.set(block.id, block.input)
    if (entry.kind !== "tool") return []
    const { name, output, isError, exitCode = null } = entry
    return [{ name, input: inputs.get(entry.toolUseId) ?? entry.input, output, isError, exitCode }]
  })
}

/** How often it was told to go on. */
export function countNudges(entries: readonly Entry[]): number {
  return entries.filter((entry) => entry.kind === "prompt" && entry.about === "nudge").length
}
