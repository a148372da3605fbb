/** The only loop between model and tools, for work, planning and chat alike. Knows no store; never throws. */
import { type Failure, type Model, type ModelEvent, malformedInput, type Reply } from "@aura/claude"
import type { NewEntry } from "@aura/domain"
import { runTool, type Tool, type ToolOutcome } from "./tools/tool.ts"
import type { Transcript } from "./transcript.ts"

export type Call = { id: string; name: string; input: Record<string, unknown> }

export type Turns<End> = {
  model: Model
  modelName: string
  system: string
  maxTokens: () => number
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
  onRest(reply: Reply): Promise<string | undefined>
  onEvent(event: ModelEvent): void
  onToolStart(call: Call): void
  onToolOutput(call: Call, text: string): void
}

export type TurnsEnd<End> =
  | { kind: "rest"; reply: Reply }
  /** A tool said the phase is over. */
  | { kind: "ended" }
  | { kind: "gate"; end: End }
  | { kind: "failed"; failure: Failure }

const mostCalls = 64

export async function runTurns<End>(of: Turns<End>): Promise<TurnsEnd<End>> {
  for (let turn = of.turn + 1; ; turn++) {
    of.transcript.settle(
      "Interrupted: Aura was stopped before this call had a result. Look before you repeat it.",
    )
    const end = await of.gate("request")
    if (end !== undefined) return { kind: "gate", end }
    const answer = await ask(of)
    if (answer.kind === "failed") return answer
    const { reply } = answer
    const calls = toCalls(reply)
    await record(of, {
      kind: "reply",
      turn,
      blocks: reply.blocks,
      stopReason: reply.stopReason,
      model: reply.model,
      usage: reply.usage,
      durationMs: reply.durationMs,
    })
    if (calls.length === 0) {
      const say = await of.onRest(reply)
      if (say === undefined) return { kind: "rest", reply }
      await record(of, { kind: "prompt", from: "aura", about: "nudge", text: say })
      continue
    }
    const ran = await runCalls(of, calls)
    if (ran.kind !== "on") return ran
  }
}

async function ask<End>(
  of: Turns<End>,
): Promise<{ kind: "reply"; reply: Reply } | { kind: "failed"; failure: Failure }> {
  const request = {
    model: of.modelName,
    system: of.system,
    messages: of.transcript.messages,
    tools: of.tools.map((tool) => tool.spec),
    maxTokens: of.maxTokens(),
  }
  for await (const event of of.model.stream(request, of.signal)) {
    of.onEvent(event)
    if (event.type === "reply") return { kind: "reply", reply: event.reply }
    if (event.type === "failed") return { kind: "failed", failure: event.failure }
  }
  return {
    kind: "failed",
    failure: { kind: "unavailable", message: "The model's stream ended without a reply." },
  }
}

async function runCalls<End>(
  of: Turns<End>,
  calls: readonly Call[],
): Promise<TurnsEnd<End> | { kind: "on" }> {
  let ends = false
  for (const [i, call] of calls.entries()) {
    const end = await of.gate("tool")
    if (end !== undefined) return { kind: "gate", end }
    of.onToolStart(call)
    const startedAt = performance.now()
    const outcome = await runCall(of, call, { isLast: i === calls.length - 1, isTooMany: i >= mostCalls })
    await recordTool(of, call, outcome, startedAt)
    ends ||= outcome.ends ?? false
  }
  return ends ? { kind: "ended" } : { kind: "on" }
}

async function runCall<End>(
  of: Turns<End>,
  call: Call,
  at: { isLast: boolean; isTooMany: boolean },
): Promise<ToolOutcome> {
  if (at.isTooMany)
    return { output: `Too many calls in one reply; at most ${mostCalls} are run.`, isError: true }
  if (malformedInput in call.input) {
    return {
      output: "The input of this call was not valid JSON and nothing was run. Send the call again.",
      isError: true,
    }
  }
  return await runTool(
    of.tools,
    { ...call, isLast: at.isLast },
    { signal: of.signal, onOutput: (text) => of.onToolOutput(call, text) },
  )
}

async function recordTool<End>(
  of: Turns<End>,
  call: Call,
  outcome: ToolOutcome,
  startedAt: number,
): Promise<void> {
  const { output, isError, exitCode, changes, diff } = outcome
  await record(of, {
    kind: "tool",
    toolUseId: call.id,
    name: call.name,
    input: call.input,
    output,
    isError: isError ?? false,
    durationMs: Math.round(performance.now() - startedAt),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(changes ? { changes } : {}),
    ...(diff ? { diff } : {}),
  })
}

async function record<End>(of: Turns<End>, entry: NewEntry): Promise<void> {
  await of.record(entry)
  of.transcript.add(entry)
}

function toCalls(reply: Reply): Call[] {
  return reply.blocks.flatMap((block) =>
    block.type === "tool_use" ? [{ id: block.id, name: block.name, input: block.input }] : [],
  )
}
