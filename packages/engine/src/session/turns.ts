/** The only loop between model and tools, for work, planning and chat alike. Knows no store; never throws. */

import type { Effort } from "@aura/core"
import type { NewEntry } from "@aura/domain"
import { type Failure, type Model, type ModelEvent, malformedInput, type Reply } from "@aura/model"
import type { TurnMoment } from "../crash-points.ts"
import { runTool, type Tool, type ToolOutcome } from "../tools/tool.ts"
import type { Said, Transcript } from "./transcript.ts"

export type Call = { id: string; name: string; input: Record<string, unknown> }

export type Turns<End> = {
  model: Model
  modelName: string
  system: string
  maxTokens: () => number
  /** How hard the model thinks. */
  effort: Effort
  /** How long the provider keeps the prompt; five minutes by default. */
  cacheFor?: () => "1h" | undefined
  tools: readonly Tool[]
  transcript: Transcript
  /** Turns this session has had before. */
  turn: number
  signal: AbortSignal
  /** Stores an entry; the next effect waits for it. */
  record(entry: NewEntry): Promise<void>
  /** Asked before every request and every tool; a value ends the turns with it. */
  gate(next: "request" | "tool"): Promise<End | undefined>
  /** The model ended its turn without a tool. Text is sent back; `undefined` ends the turns. */
  onRest(reply: Said): Promise<string | undefined>
  onEvent(event: ModelEvent): void
  onToolStart(call: Call): void
  onToolOutput(call: Call, text: string): void
  /** Passed on the way, for crashes to be tried at. */
  mark?(moment: TurnMoment): void
}

export type TurnsEnd<End> =
  | { kind: "rest"; reply: Said }
  /** A tool said the phase is over. */
  | { kind: "ended" }
  | { kind: "gate"; end: End }
  | { kind: "failed"; failure: Failure }

const maxCalls = 64

const interrupted =
  "Interrupted: Aura was stopped before this call had a result, and whether it took effect is not known. Look before you repeat it."

const cutOff =
  "Your reply reached its length limit in the middle of this call, so nothing was run. The same call would be cut off again: write it in smaller pieces. Create the file with its first part, then add one part at a time with edit_file."

/** The reply ended because it was too long, and with a call: that one may be incomplete. */
function isCut({ stopReason, blocks }: Said): boolean {
  const isTooLong = stopReason === "max_tokens" || stopReason === "model_context_window_exceeded"
  return isTooLong && blocks.at(-1)?.type === "tool_use"
}

/** Goes on where the transcript ends: a reply whose consequences were cut off has them first. */
export async function runTurns<End>(of: Turns<End>): Promise<TurnsEnd<End>> {
  const left = of.transcript.unfinished
  const ended = left && (await followUp(of, left, true))
  if (ended) return ended
  for (let turn = of.turn + 1; ; turn++) {
    of.transcript.settle(interrupted)
    const end = await of.gate("request")
    if (end !== undefined) return { kind: "gate", end }
    const answer = await ask(of)
    if (answer.kind === "failed") return answer
    const reply = { ...answer.reply, blocks: of.transcript.withOwnIds(answer.reply.blocks) }
    of.mark?.("reply")
    await record(of, {
      kind: "reply",
      turn,
      blocks: reply.blocks,
      stopReason: reply.stopReason,
      model: reply.model,
      usage: reply.usage,
      durationMs: reply.durationMs,
      requestId: reply.requestId,
    })
    of.mark?.("reply_stored")
    const ended = await followUp(of, reply, false)
    if (ended) return ended
  }
}

/** What follows from a reply: its calls are run, or it is told to go on. A value ends the turns. */
async function followUp<End>(
  of: Turns<End>,
  reply: Said,
  isResumed: boolean,
): Promise<TurnsEnd<End> | undefined> {
  const calls = toCalls(reply)
  if (calls.length > 0) return await runCalls(of, calls, { isResumed, isCut: isCut(reply) })
  const say = await of.onRest(reply)
  if (say === undefined) return { kind: "rest", reply }
  await record(of, { kind: "prompt", from: "aura", about: "nudge", text: say })
  return undefined
}

async function ask<End>(
  of: Turns<End>,
): Promise<{ kind: "reply"; reply: Reply } | { kind: "failed"; failure: Failure }> {
  const cacheFor = of.cacheFor?.()
  const request = {
    model: of.modelName,
    system: of.system,
    messages: of.transcript.messages,
    tools: of.tools.map((tool) => tool.spec),
    maxTokens: of.maxTokens(),
    effort: of.effort,
    ...(cacheFor ? { cacheFor } : {}),
  }
  of.mark?.("request")
  for await (const event of of.model.stream(request, of.signal)) {
    of.onEvent(event)
    if (event.type === "notice") await of.record({ kind: "note", level: "info", text: event.text })
    if (event.type === "reply") return { kind: "reply", reply: event.reply }
    if (event.type === "failed") return { kind: "failed", failure: event.failure }
    of.mark?.("stream")
  }
  return {
    kind: "failed",
    failure: { kind: "unavailable", message: "The model's stream ended without a reply." },
  }
}

async function runCalls<End>(
  of: Turns<End>,
  calls: readonly Call[],
  { isResumed, isCut }: { isResumed: boolean; isCut: boolean },
): Promise<TurnsEnd<End> | undefined> {
  let ends = false
  // Calls run in order: of those left open by a crash only the first can have been running.
  let isRepeat = isResumed
  for (const batch of toBatches(of.tools, calls)) {
    const open = batch.filter(({ call }) => of.transcript.isOpen(call.id))
    if (open.length === 0) continue
    const end = await of.gate("tool")
    if (end !== undefined) return { kind: "gate", end }
    for (const { call } of open) of.onToolStart(call)
    of.mark?.("tool")
    const ran = await Promise.all(
      open.map(async ({ call, i }) => {
        const startedAt = performance.now()
        const isLast = i === calls.length - 1
        const place = { isLast, isTooMany: i >= maxCalls, isRepeat, isCut: isCut && isLast }
        const outcome = await runCall(of, call, place)
        return { call, outcome, durationMs: Math.round(performance.now() - startedAt) }
      }),
    )
    isRepeat = false
    of.mark?.("ran")
    for (const { call, outcome, durationMs } of ran) {
      await recordTool(of, call, outcome, durationMs)
      of.mark?.("result_stored")
      ends ||= outcome.ends ?? false
    }
  }
  return ends ? { kind: "ended" } : undefined
}

/** Each call by itself, but neighbours that only read together: they run at once. */
function toBatches(tools: readonly Tool[], calls: readonly Call[]): { call: Call; i: number }[][] {
  const reads = new Set(tools.flatMap((tool) => (tool.isReading ? [tool.spec.name] : [])))
  const batches: { call: Call; i: number }[][] = []
  for (const [i, call] of calls.entries()) {
    const last = batches.at(-1)
    const before = last?.at(-1)?.call.name
    if (last && before !== undefined && reads.has(before) && reads.has(call.name)) last.push({ call, i })
    else batches.push([{ call, i }])
  }
  return batches
}

async function runCall<End>(
  of: Turns<End>,
  call: Call,
  place: { isLast: boolean; isTooMany: boolean; isRepeat: boolean; isCut: boolean },
): Promise<ToolOutcome> {
  if (place.isTooMany)
    return { output: `Too many calls in one reply; at most ${maxCalls} are run.`, isError: true }
  const isMalformed = malformedInput in call.input
  if (place.isCut && (isMalformed || Object.keys(call.input).length === 0))
    return { output: cutOff, isError: true }
  if (isMalformed) {
    return {
      output: "The input of this call was not valid JSON and nothing was run. Send the call again.",
      isError: true,
    }
  }
  if (of.transcript.hasBegun(call.id)) return { output: interrupted, isError: true }
  const tool = of.tools.find((candidate) => candidate.spec.name === call.name)
  let hasBegun = tool?.isRepeatable ?? true
  const context = {
    onBegin: async () => {
      if (hasBegun) return
      hasBegun = true
      await record(of, { kind: "intent", toolUseId: call.id, name: call.name })
    },
    signal: of.signal,
    onOutput: (text: string) => of.onToolOutput(call, text),
    isRepeat: place.isRepeat,
  }
  return await runTool(of.tools, { ...call, isLast: place.isLast }, context)
}

async function recordTool<End>(
  of: Turns<End>,
  call: Call,
  outcome: ToolOutcome,
  durationMs: number,
): Promise<void> {
  const { output, isError, exitCode, changes, diff, kept, media } = outcome
  await record(of, {
    kind: "tool",
    toolUseId: call.id,
    name: call.name,
    input: call.input,
    output,
    isError: isError ?? false,
    durationMs,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(changes ? { changes } : {}),
    ...(diff ? { diff } : {}),
    ...(kept ? { kept } : {}),
    ...(media ? { media } : {}),
  })
}

async function record<End>(of: Turns<End>, entry: NewEntry): Promise<void> {
  await of.record(entry)
  of.transcript.add(entry)
}

function toCalls(reply: Said): Call[] {
  return reply.blocks.flatMap((block) =>
    block.type === "tool_use" ? [{ id: block.id, name: block.name, input: block.input }] : [],
  )
}
