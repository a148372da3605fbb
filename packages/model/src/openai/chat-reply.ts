/** Puts a reply together from the chunks of Chat Completions. */
import { randomUUID } from "node:crypto"
import { type Block, joinModelId, type ProviderId } from "@aura/core"
import type { StreamedEvent } from "../attempts.ts"
import { type ModelFacts, priceOf } from "../catalog.ts"
import { countOf, isObject, type Json, objectOf, parseObject, textOf } from "../json.ts"
import { malformedInput } from "../malformed.ts"
import type { Reply } from "../model.ts"
import { addDetails, reasoningFields, signatureOfCall, thoughtOf } from "./reasoning.ts"

export type ReplyReader = {
  take(event: Json): StreamedEvent[]
  /** True once the stream has said that nothing more comes. */
  isOver(): boolean
  /** True once the reply is whole, whether or not the stream said so. */
  isComplete(): boolean
  finish(durationMs: number, requestId: string | null): Reply
}

export type Asked = {
  provider: ProviderId
  /** As people enter it. */
  model: string
  facts: ModelFacts
  /** About how many tokens the request has, for servers that do not count. */
  promptTokens: number
}

/** Stands for the end of the stream, which is no JSON. */
export const done = { done: true }

type Call = { id: string; name: string; json: string; extra: Json | undefined }

const reasons: Record<string, string> = {
  stop: "end_turn",
  tool_calls: "tool_use",
  function_call: "tool_use",
  length: "max_tokens",
  content_filter: "refusal",
}

export function createChatReader({ provider, model: asked, facts, promptTokens }: Asked): ReplyReader {
  const calls: Call[] = []
  /** Place in `calls` by the server's own index. */
  const places = new Map<number, number>()
  const details: Json[] = []
  let field: (typeof reasoningFields)[number] = "reasoning_content"
  let text = ""
  let thinking = ""
  let refused = false
  let reason: string | undefined
  let usage: Json = {}
  let answered = ""
  let over = false

  /** The call a piece belongs to; servers leave out the index, or the id, or both. */
  const findCall = (piece: Json): { call: Call; at: number; isNew: boolean } => {
    const id = textOf(piece.id)
    const index = typeof piece.index === "number" ? piece.index : undefined
    const last = calls.length - 1
    const known = index === undefined ? (id === "" || calls[last]?.id === id ? last : -1) : places.get(index)
    const call = known === undefined ? undefined : calls[known]
    const isOther = id !== "" && call?.id !== id && textOf(objectOf(piece.function).name) !== ""
    if (call && known !== undefined && !isOther) return { call, at: known, isNew: false }
    const made: Call = { id: id || `call_${randomUUID().slice(0, 13)}`, name: "", json: "", extra: undefined }
    if (index !== undefined) places.set(index, calls.length)
    calls.push(made)
    return { call: made, at: calls.length - 1, isNew: true }
  }

  const takeCall = (piece: Json): StreamedEvent[] => {
    const { call, at, isNew } = findCall(piece)
    const { name, arguments: given } = objectOf(piece.function)
    const isNamed = call.name !== ""
    call.name ||= textOf(name)
    if (isObject(piece.extra_content)) call.extra = piece.extra_content
    // Some servers give the arguments as an object.
    const json = isObject(given) ? JSON.stringify(given) : textOf(given)
    call.json += json
    const start = isNew || (!isNamed && call.name !== "")
    return [
      ...(start && call.name !== ""
        ? [{ type: "tool_start" as const, index: at, id: call.id, name: call.name }]
        : []),
      { type: "tool_input", index: at, json },
    ]
  }

  const takeDelta = (delta: Json): StreamedEvent[] => {
    const heard: StreamedEvent[] = []
    const named = reasoningFields.find((name) => textOf(delta[name]) !== "")
    addDetails(details, delta.reasoning_details)
    if (named) {
      field = named
      thinking += textOf(delta[named])
      heard.push({ type: "thinking", text: textOf(delta[named]) })
    }
    const said = textOf(delta.content) || textOf(delta.refusal)
    if (textOf(delta.refusal) !== "") refused = true
    text += said
    heard.push({ type: "text", text: said })
    const pieces = Array.isArray(delta.tool_calls) ? delta.tool_calls.filter(isObject) : []
    return [...heard, ...pieces.flatMap(takeCall)]
  }

  return {
    take(event) {
      if (event.done === true) {
        over = true
        return []
      }
      answered = textOf(event.model) || answered
      if (isObject(event.usage)) usage = event.usage
      const choice = objectOf(Array.isArray(event.choices) ? event.choices[0] : undefined)
      reason = textOf(choice.finish_reason) || reason
      return takeDelta(objectOf(choice.delta ?? choice.message))
    },
    isOver: () => over,
    isComplete: () => reason !== undefined || (over && (text.trim() !== "" || calls.length > 0)),
    finish(durationMs, requestId) {
      const blocks: Block[] = [
        ...thoughtOf(thinking, field, details),
        ...(text.trim() === "" ? [] : [{ type: "text" as const, text }]),
        ...calls.flatMap(toBlocks),
      ]
      const spoken = text.length + thinking.length + calls.reduce((sum, { json }) => sum + json.length, 0)
      const tokens = countTokens(usage, { promptTokens, outputTokens: Math.ceil(spoken / 4) })
      const total =
        tokens.inputTokens + tokens.cacheReadTokens + tokens.cacheWriteTokens + tokens.outputTokens
      const isFull = reason === "length" && total >= facts.contextWindow
      const told = usage.cost
      return {
        blocks,
        stopReason: isFull
          ? "model_context_window_exceeded"
          : refused
            ? "refusal"
            : toStopReason(reason, calls.length > 0),
        model: answered === "" ? asked : joinModelId(provider, answered),
        usage: {
          ...tokens,
          costUsd:
            provider === "openrouter" && typeof told === "number" ? told : priceOf(asked, tokens, facts),
        },
        durationMs: Math.max(0, durationMs),
        requestId,
      }
    },
  }
}

/** Several servers say `stop` where the model called tools. */
function toStopReason(reason: string | undefined, hasCalls: boolean): string {
  const known = reasons[reason ?? "stop"] ?? reason ?? "end_turn"
  if (hasCalls && known === "end_turn") return "tool_use"
  return !hasCalls && known === "tool_use" ? "end_turn" : known
}

function toBlocks({ id, name, json, extra }: Call): Block[] {
  const input = json.trim() === "" ? {} : (parseObject(json) ?? { [malformedInput]: json })
  return [...(extra ? [signatureOfCall(extra)] : []), { type: "tool_use", id, name, input }]
}

type Counted = { promptTokens: number; outputTokens: number }

/** Usage by class; a server that does not count is estimated, so that sessions turn over in time. */
function countTokens(usage: Json, estimated: Counted) {
  const prompt = countOf(usage.prompt_tokens) || estimated.promptTokens
  const of = objectOf(usage.prompt_tokens_details)
  const cacheReadTokens = Math.min(
    countOf(of.cached_tokens) || countOf(usage.prompt_cache_hit_tokens),
    prompt,
  )
  const cacheWriteTokens = Math.min(countOf(of.cache_write_tokens), prompt - cacheReadTokens)
  return {
    inputTokens: prompt - cacheReadTokens - cacheWriteTokens,
    cacheReadTokens,
    cacheWriteTokens,
    outputTokens: countOf(usage.completion_tokens) || estimated.outputTokens,
  }
}
