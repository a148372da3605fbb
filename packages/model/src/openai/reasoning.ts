/**
 * Thoughts in Chat Completions. No two servers agree on them, and each wants its own back: a block's signature says in
 * which field of the message its text belongs, or holds, as JSON, what has to go back as it came.
 */
import type { Block } from "@aura/core"
import { countOf, isObject, type Json, objectOf, parseObject, textOf } from "../json.ts"

/** DeepSeek, llama.cpp, LM Studio and older versions of vLLM; Ollama, newer ones of vLLM. */
export const reasoningFields = ["reasoning_content", "reasoning"] as const
type ReasoningField = (typeof reasoningFields)[number]

/** Field of the signature: OpenRouter's list, or Gemini's extra of the call that follows. */
type Kept = { reasoning_details?: Json[]; extra_content?: Json }

/** A thought to be sent back with the message. */
export function thoughtOf(thinking: string, field: ReasoningField, details: readonly Json[]): Block[] {
  if (thinking === "" && details.length === 0) return []
  const kept: Kept = { reasoning_details: [...details] }
  return [{ type: "thinking", thinking, signature: details.length > 0 ? JSON.stringify(kept) : field }]
}

/** Gemini signs calls, not thoughts: the signature stands in a thought without words in front of its call. */
export function signatureOfCall(extra: Json): Block {
  const kept: Kept = { extra_content: extra }
  return { type: "thinking", thinking: "", signature: JSON.stringify(kept) }
}

/** Fields of the message that give these thoughts back; what is not of this API is left out. */
export function toReasoning(blocks: readonly Block[]): Json {
  const fields: Json = {}
  for (const block of blocks) {
    if (block.type !== "thinking") continue
    const field = reasoningFields.find((name) => name === block.signature)
    if (field) fields[field] = `${textOf(fields[field])}${block.thinking}`
    const details = parseObject(block.signature)?.reasoning_details
    if (Array.isArray(details)) fields.reasoning_details = details
  }
  return fields
}

/** What a call's own signature was, where the block in front of it holds one. */
export function extraOf(block: Block | undefined): Json | undefined {
  if (block?.type !== "thinking" || block.thinking !== "") return undefined
  const extra = parseObject(block.signature)?.extra_content
  return isObject(extra) ? extra : undefined
}

/** Joins the pieces of OpenRouter's `reasoning_details`: texts grow, everything else comes once. */
export function addDetails(details: Json[], pieces: unknown): void {
  for (const piece of Array.isArray(pieces) ? pieces.filter(isObject) : []) {
    const same = details.find(
      ({ type, index }) => type === piece.type && countOf(index) === countOf(piece.index),
    )
    if (!same) {
      details.push({ ...piece })
      continue
    }
    for (const [name, value] of Object.entries(objectOf(piece))) {
      const grows = name === "text" || name === "summary" || name === "data"
      if (grows) same[name] = textOf(same[name]) + textOf(value)
      else if (value !== null && value !== undefined) same[name] = value
    }
  }
}
