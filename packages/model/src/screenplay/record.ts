/** Records a run: what the model said and where, and what came of it; as turns, and as a screenplay that says it again. */
import {
  AuraError,
  type CheckResult,
  contextTokens,
  type Entry,
  type FileChange,
  type Plan,
  type Session,
} from "@aura/core"
import { readProduct, readTask } from "./match.ts"
import type { Scene, Screenplay, ScriptedReply } from "./screenplay.ts"

export type RecordedSession = { session: Session; entries: readonly Entry[] }

/** A call of a tool, and what is the same whenever it is made again on the same files. */
export type RecordedCall = {
  tool: string
  input: Record<string, unknown>
  isError: boolean
  exitCode: number | null
  changes: FileChange[]
  diff: string
  output: string
  /** True: Aura was stopped while it ran, so how it ended says nothing. */
  isCut: boolean
}

export type RecordedTurn = {
  /** The scene it belongs to. */
  when: Scene["when"]
  /** Which reply of that scene it is, from 1. */
  nth: number
  reply: ScriptedReply
  calls: RecordedCall[]
  checks: CheckResult[]
  /** The request after it did not fit into the context window any more. */
  isLastThatFits: boolean
}

/** A turn while its entries are read. */
type Draft = {
  when: Scene["when"]
  entry: Extract<Entry, { kind: "reply" }>
  begunAt: Map<string, string>
  results: Map<string, Extract<Entry, { kind: "tool" }>>
  checks: CheckResult[]
  isLastThatFits: boolean
}

/**
 * The turns in their order: of the plan that was kept, of all work on it, and of the sessions that proved it. Chats are none of it.
 * A reply of which nothing was carried out, because Aura was stopped first, counts as not given.
 * @param sessions of one agent, in any order
 * @throws AuraError `bad_request` for a run that cannot be told as one story
 */
export function recordTurns(
  sessions: readonly RecordedSession[],
  plans: readonly Plan[],
): readonly RecordedTurn[] {
  const inOrder = sessions.toSorted((a, b) => a.session.number - b.session.number)
  const steps = (["specs", "tasks"] as const).map((step) => ({
    step,
    plan: plans.findLast((plan) => plan.step === step && plan.status === "finished"),
  }))
  const planned = steps.flatMap(({ step, plan }) => {
    const found = inOrder.find(({ session }) => session.id === plan?.sessionId)
    return found ? readPlan(found.entries, { phase: step }) : []
  })
  const worked = readWork(inOrder.filter(({ session }) => session.kind === "work"))
  const proved = readProofs(inOrder)
  const begun = worked[0]?.entry.at
  if (steps.some(({ plan }) => plan && begun !== undefined && plan.startedAt > begun)) {
    refuse("It was planned again after work had begun.")
  }
  const counts = new Map<string, number>()
  const afterPlan = [...worked, ...proved].toSorted((a, b) => a.entry.at.localeCompare(b.entry.at))
  return [...planned, ...afterPlan].flatMap((draft) => {
    const turn = toTurn(draft)
    if (!turn) return []
    const key = JSON.stringify(draft.when)
    const nth = (counts.get(key) ?? 0) + 1
    counts.set(key, nth)
    return [{ ...turn, nth }]
  })
}

/** A scene for each part of an attempt, and for each step of the plan. Ids are none of a screenplay's business. */
export function toScreenplay(turns: readonly RecordedTurn[], title?: string): Screenplay {
  if (turns.length === 0) refuse("The model has said nothing in it.")
  const scenes = new Map<string, Scene>()
  for (const { when, reply, isLastThatFits } of turns) {
    const key = JSON.stringify(when)
    const scene = scenes.get(key) ?? { when, replies: [], ending: "end" }
    scene.replies.push(reply, ...(isLastThatFits ? [tooLong] : []))
    scenes.set(key, scene)
  }
  return { ...(title ? { title } : {}), scenes: [...scenes.values()] }
}

const tooLong: ScriptedReply = {
  calls: [],
  fault: { status: 400, message: "prompt is too long: more tokens than the maximum", times: 1 },
}

function readPlan(entries: readonly Entry[], when: Scene["when"]): Draft[] {
  const drafts: Draft[] = []
  for (const entry of entries) take(drafts, when, entry)
  return drafts
}

/** Sessions that write held-out checks, review, or use the product. One that failed and was held anew counts as not held. */
function readProofs(sessions: readonly RecordedSession[]): Draft[] {
  const scenes = new Map<string, Draft[]>()
  for (const { session, entries } of sessions) {
    if (!session.purpose) continue
    const prompt = entries.find((entry) => entry.kind === "prompt")
    const when = toScene(session.purpose, prompt?.kind === "prompt" ? prompt.text : "")
    const drafts: Draft[] = []
    for (const entry of entries) take(drafts, when, entry)
    scenes.set(JSON.stringify(when), drafts)
  }
  return [...scenes.values()].flat()
}

function toScene(phase: NonNullable<Session["purpose"]>, prompt: string): Scene["when"] {
  if (phase === "checks") return { phase }
  if (phase === "product") {
    const product = readProduct(prompt)
    return { phase, ...(product && { part: product.part }) }
  }
  const task = readTask(prompt)
  return { phase, ...(task && { task: task.title, attempt: task.attempt, part: task.part }) }
}

type Part = { taskId: string | undefined; title: string; attempt: number; part: number }

/** A part ends with a hand-off and by nothing else: who was stopped goes on where a run without the stop would be. */
function readWork(sessions: readonly RecordedSession[]): Draft[] {
  const drafts: Draft[] = []
  let at: Part | undefined
  let phase: "work" | "hand_off" = "work"
  for (const { session, entries } of sessions) {
    let tokens = 0
    for (const entry of entries) {
      if (entry.kind === "reply") tokens = Math.max(tokens, contextTokens(entry.usage))
      if (entry.kind === "hand_off" && at) at = { ...at, part: at.part + 1 }
      if (entry.kind === "prompt" && entry.about === "task") {
        at = toPart(entry, at, drafts)
        phase = "work"
      } else if (entry.kind === "prompt" && entry.about === "hand_off" && phase === "work") {
        const last = drafts.at(-1)
        if (last && tokens / session.contextWindow < session.rotateAt) last.isLastThatFits = true
        phase = "hand_off"
      }
      if (at) take(drafts, { phase, task: at.title, attempt: at.attempt, part: at.part }, entry)
    }
  }
  return drafts
}

function toPart(
  brief: Extract<Entry, { kind: "prompt" }>,
  last: Part | undefined,
  drafts: readonly Draft[],
): Part | undefined {
  const named = readTask(brief.text)
  if (!named) return last
  const { title, attempt } = named
  if (last && last.taskId === brief.taskId && last.attempt === attempt) return last
  const earlier = drafts.findLast(({ when }) => when.task === title && when.attempt === attempt)
  if (earlier && named.part === 1) {
    refuse(`"${title}" was tried again by hand, or two of its tasks have this name.`)
  }
  return { taskId: brief.taskId, title, attempt, part: earlier?.when.part ?? 1 }
}

function take(drafts: Draft[], when: Scene["when"], entry: Entry): void {
  const last = drafts.at(-1)
  switch (entry.kind) {
    case "reply":
      drafts.push({
        when,
        entry,
        begunAt: new Map(),
        results: new Map(),
        checks: [],
        isLastThatFits: false,
      })
      return
    case "intent":
      last?.begunAt.set(entry.toolUseId, entry.at)
      return
    case "tool":
      last?.results.set(entry.toolUseId, entry)
      return
    case "check":
      if (last) last.checks = [...last.checks.filter((check) => !isSameRun(check, entry.check)), entry.check]
      return
    default:
      return
  }
}

/** The same command on the same files: Aura was stopped between the checks of a round, and began the round again. */
function isSameRun(a: CheckResult, b: CheckResult): boolean {
  return a.command === b.command && a.treeHash === b.treeHash
}

function toTurn(draft: Draft): Omit<RecordedTurn, "nth"> | undefined {
  const { when, entry, checks, isLastThatFits } = draft
  const asked = entry.blocks.flatMap((block) => (block.type === "tool_use" ? [block] : []))
  const calls = asked.flatMap((block) => toCall(draft, block) ?? [])
  if (asked.length > 0 && calls.length === 0) return undefined
  return { when, reply: toReply(entry, calls), calls, checks, isLastThatFits }
}

/** What stands in a result when Aura was stopped before there was one. */
const cutOff = /^(Interrupted\b|was stopped by the user|The checks were interrupted)/
/** What stands there when it was made again, and had taken effect the first time. */
const madeBefore = /, before Aura was interrupted\.$/

function toCall(
  { begunAt, results }: Draft,
  block: { id: string; name: string; input: Record<string, unknown> },
): RecordedCall | undefined {
  const result = results.get(block.id)
  const begun = begunAt.get(block.id)
  const isCut = result ? (result.isError ? cutOff : madeBefore).test(result.output) : begun !== undefined
  // It never ran, or it only looked: the model has called it again.
  if (isCut ? block.name === "task_done" : !result) return undefined
  const ranMs = isCut && result && begun ? Date.parse(result.at) - Date.parse(begun) : undefined
  return {
    tool: block.name,
    input: ranMs === undefined ? block.input : limit(block.input, ranMs),
    isError: result?.isError ?? true,
    exitCode: result?.exitCode ?? null,
    changes: result?.changes ?? [],
    diff: result?.diff ?? "",
    output: result?.output ?? "",
    isCut,
  }
}

/** A command that was ended from outside may not run for longer than it did. */
function limit(input: Record<string, unknown>, ms: number): Record<string, unknown> {
  const given = typeof input.timeout_secs === "number" ? input.timeout_secs : 3600
  return { ...input, timeout_secs: Math.min(given, Math.max(ms / 1000, 0.05)) }
}

/** A reply without any content does not count as one when positions are counted, so it says a little. */
const nothing = "…"

function toReply(entry: Draft["entry"], calls: readonly RecordedCall[]): ScriptedReply {
  const thinking = joinTexts(entry, "thinking")
  const text = joinTexts(entry, "text")
  const said = text || (thinking === "" && calls.length === 0 ? nothing : "")
  const usual = calls.length > 0 ? "tool_use" : "end_turn"
  const { inputTokens, cacheWriteTokens, cacheReadTokens, outputTokens } = entry.usage
  return {
    ...(thinking ? { thinking } : {}),
    ...(said ? { text: said } : {}),
    calls: calls.map(({ tool, input }) => ({ tool, input })),
    ...(entry.stopReason === usual ? {} : { stop: entry.stopReason }),
    usage: {
      input: inputTokens,
      cacheWrite: cacheWriteTokens,
      cacheRead: cacheReadTokens,
      output: outputTokens,
    },
  }
}

function joinTexts(entry: Draft["entry"], type: "text" | "thinking"): string {
  const texts = entry.blocks.flatMap((block) => {
    if (block.type === "text" && type === "text") return [block.text]
    return block.type === "thinking" && type === "thinking" ? [block.thinking] : []
  })
  const joined = texts.join("\n")
  return joined.trim() === "" ? "" : joined
}

function refuse(why: string): never {
  throw new AuraError("bad_request", `This run cannot be recorded. ${why}`)
}
