/** Puts a reply together from the events of the Responses API. */
import { type Block, joinModelId } from "@aura/core"
import type { StreamedEvent } from "../attempts.ts"
import { priceOf } from "../catalog.ts"
import { countOf, type Json, listOf, objectOf, parseObject, textOf } from "../json.ts"
import { malformedInput } from "../malformed.ts"
import type { Asked, ReplyReader } from "./chat-reply.ts"
import { thoughtOfItem, thoughtOfPhase } from "./responses-request.ts"

export function createResponsesReader({ provider, model: asked, facts, promptTokens }: Asked): ReplyReader {
  /** Finished items by their place in the reply. */
  const items = new Map<number, Json>()
  let end: Json | undefined
  let answered = ""
  let spoken = 0

  const takeItem = (index: number, item: Json): StreamedEvent[] =>
    item.type === "function_call"
      ? [{ type: "tool_start", index, id: textOf(item.call_id), name: textOf(item.name) }]
      : []

  return {
    take(event) {
      const type = textOf(event.type)
      const index = countOf(event.output_index)
      const delta = textOf(event.delta)
      const response = objectOf(event.response)
      answered = textOf(response.model) || answered
      switch (type) {
        case "response.output_item.added":
          return takeItem(index, objectOf(event.item))
        case "response.output_item.done":
          items.set(index, objectOf(event.item))
          return []
        case "response.output_text.delta":
        case "response.refusal.delta":
          spoken += delta.length
          return [{ type: "text", text: delta }]
        case "response.reasoning_summary_text.delta":
        case "response.reasoning_text.delta":
          return [{ type: "thinking", text: delta }]
        case "response.reasoning_summary_part.added":
          return countOf(event.summary_index) > 0 ? [{ type: "thinking", text: "\n\n" }] : []
        case "response.function_call_arguments.delta":
          spoken += delta.length
          return [{ type: "tool_input", index, json: delta }]
        case "response.completed":
        case "response.incomplete":
          end = response
          for (const [i, item] of listOf(response.output).entries()) if (!items.has(i)) items.set(i, item)
          return []
        default:
          return []
      }
    },
    isOver: () => end !== undefined,
    isComplete: () => end !== undefined,
    finish(durationMs, requestId) {
      const ordered = [...items].toSorted(([a], [b]) => a - b).map(([, item]) => item)
      const blocks = ordered.flatMap(toBlocks)
      const tokens = countTokens(objectOf(end?.usage), promptTokens, spoken)
      const total =
        tokens.inputTokens + tokens.cacheReadTokens + tokens.cacheWriteTokens + tokens.outputTokens
      const reason = textOf(objectOf(end?.incomplete_details).reason)
      const isFull = reason === "max_output_tokens" && total >= facts.contextWindow
      return {
        blocks,
        stopReason: isFull ? "model_context_window_exceeded" : toStopReason(reason, ordered),
        model: answered === "" ? asked : joinModelId(provider, answered),
        usage: { ...tokens, costUsd: priceOf(asked, tokens, facts) },
        durationMs: Math.max(0, durationMs),
        requestId,
      }
    },
  }
}

function toBlocks(item: Json): Block[] {
  switch (item.type) {
    case "reasoning": {
      const summary = listOf(item.summary).map(({ text }) => textOf(text))
      return thoughtOfItem(textOf(item.id), summary, textOf(item.encrypted_content))
    }
    case "message": {
      const text = listOf(item.content)
        .map((part) => textOf(part.text) || textOf(part.refusal))
        .join("")
      return text.trim() === "" ? [] : [...thoughtOfPhase(textOf(item.phase)), { type: "text", text }]
    }
    case "function_call": {
      const json = textOf(item.arguments)
      const input = json.trim() === "" ? {} : (parseObject(json) ?? { [malformedInput]: json })
      return [{ type: "tool_use", id: textOf(item.call_id), name: textOf(item.name), input }]
    }
    default:
      return []
  }
}

function toStopReason(reason: string, items: readonly Json[]): string {
  if (reason === "max_output_tokens") return "max_tokens"
  const isRefused = items.some(({ content }) => listOf(content).some(({ type }) => type === "refusal"))
  if (reason === "content_filter" || isRefused) return "refusal"
  return items.some(({ type }) => type === "function_call") ? "tool_use" : "end_turn"
}

function countTokens(usage: Json, promptTokens: number, spoken: number) {
  const prompt = countOf(usage.input_tokens) || promptTokens
  const of = objectOf(usage.input_tokens_details)
  const cacheReadTokens = Math.min(countOf(of.cached_tokens), prompt)
  const cacheWriteTokens = Math.min(countOf(of.cache_write_tokens), prompt - cacheReadTokens)
  return {
    inputTokens: prompt - cacheReadTokens - cacheWriteTokens,
    cacheReadTokens,
    cacheWriteTokens,
    outputTokens: countOf(usage.output_tokens) || Math.ceil(spoken / 4),
  }
}
