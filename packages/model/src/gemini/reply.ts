/** Puts a reply together from the chunks of Gemini's own API. */
import { randomUUID } from "node:crypto"
import { type Block, joinModelId } from "@aura/core"
import type { StreamedEvent } from "../attempts.ts"
import { priceOf } from "../catalog.ts"
import { countOf, isObject, type Json, objectOf, textOf } from "../json.ts"
import type { Asked, ReplyReader } from "../openai/chat-reply.ts"
import { thoughtOfSignature } from "./request.ts"

const refusals = new Set([
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
])

export function createGeminiReader({ provider, model: asked, facts, promptTokens }: Asked): ReplyReader {
  const blocks: Block[] = []
  let reason = ""
  let explanation = ""
  let usage: Json = {}
  let answered = ""
  let calls = 0
  let spoken = 0

  const addText = (text: string, signature: string): StreamedEvent[] => {
    const last = blocks.at(-1)
    if (last?.type === "text") last.text += text
    else if (text !== "") blocks.push({ type: "text", text })
    // It may come with the last words, or behind them with none.
    if (signature !== "" && blocks.at(-1)?.type === "text")
      blocks.splice(-1, 0, thoughtOfSignature(signature))
    spoken += text.length
    return [{ type: "text", text }]
  }

  const addThought = (text: string): StreamedEvent[] => {
    const last = blocks.at(-1)
    if (last?.type === "thinking" && last.signature === shown) last.thinking += text
    else if (text !== "") blocks.push({ type: "thinking", thinking: text, signature: shown })
    return [{ type: "thinking", text }]
  }

  const addCall = (call: Json, signature: string): StreamedEvent[] => {
    const id = textOf(call.id) || `call_${randomUUID().slice(0, 13)}`
    const [name, input] = [textOf(call.name), objectOf(call.args)]
    if (signature !== "") blocks.push(thoughtOfSignature(signature))
    blocks.push({ type: "tool_use", id, name, input })
    const json = JSON.stringify(input)
    spoken += json.length
    const index = calls++
    return [
      { type: "tool_start", index, id, name },
      { type: "tool_input", index, json },
    ]
  }

  const takePart = (part: Json): StreamedEvent[] => {
    const signature = textOf(part.thoughtSignature)
    if (isObject(part.functionCall)) return addCall(part.functionCall, signature)
    return part.thought === true ? addThought(textOf(part.text)) : addText(textOf(part.text), signature)
  }

  return {
    take(event) {
      if (event.done === true) return []
      answered = textOf(event.modelVersion) || answered
      if (isObject(event.usageMetadata)) usage = event.usageMetadata
      if (textOf(objectOf(event.promptFeedback).blockReason) !== "") reason = "PROHIBITED_CONTENT"
      const candidate = objectOf(Array.isArray(event.candidates) ? event.candidates[0] : undefined)
      reason = textOf(candidate.finishReason) || reason
      explanation = textOf(candidate.finishMessage) || explanation
      const { parts } = objectOf(candidate.content)
      return Array.isArray(parts) ? parts.filter(isObject).flatMap(takePart) : []
    },
    isOver: () => false,
    isComplete: () => reason !== "",
    finish(durationMs, requestId) {
      // A call that could not be read is told in words, and the model can make it again.
      const said = blocks.length === 0 && explanation !== "" && !refusals.has(reason)
      const tokens = countTokens(usage, promptTokens, spoken)
      const total = tokens.inputTokens + tokens.cacheReadTokens + tokens.outputTokens
      const isFull = reason === "MAX_TOKENS" && total >= facts.contextWindow
      return {
        blocks: said ? [{ type: "text", text: explanation }] : blocks.filter(isSaid),
        stopReason: isFull ? "model_context_window_exceeded" : toStopReason(reason, calls > 0),
        model: answered === "" ? asked : joinModelId(provider, answered),
        usage: { ...tokens, costUsd: priceOf(asked, tokens, facts) },
        durationMs: Math.max(0, durationMs),
        requestId,
      }
    },
  }
}

/** The signature of a thought in words: it is shown to people and not sent back. */
const shown = "gemini"

function isSaid(block: Block): boolean {
  return block.type !== "text" || block.text.trim() !== ""
}

function toStopReason(reason: string, hasCalls: boolean): string {
  if (reason === "MAX_TOKENS") return "max_tokens"
  if (refusals.has(reason)) return "refusal"
  return hasCalls ? "tool_use" : "end_turn"
}

function countTokens(usage: Json, promptTokens: number, spoken: number) {
  const prompt = countOf(usage.promptTokenCount) + countOf(usage.toolUsePromptTokenCount) || promptTokens
  const cacheReadTokens = Math.min(countOf(usage.cachedContentTokenCount), prompt)
  return {
    inputTokens: prompt - cacheReadTokens,
    cacheReadTokens,
    cacheWriteTokens: 0,
    outputTokens:
      countOf(usage.candidatesTokenCount) + countOf(usage.thoughtsTokenCount) || Math.ceil(spoken / 4),
  }
}
