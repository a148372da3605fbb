/** Puts a reply together from the events of the Messages API's stream. */
import type { Block } from "@aura/core"
import type { StreamedEvent } from "../attempts.ts"
import { findModel, type ModelFacts, priceOf } from "../catalog.ts"
import { countOf, type Json, objectOf, parseObject, textOf } from "../json.ts"
import { malformedInput } from "../malformed.ts"
import type { Reply } from "../model.ts"
import { toCanonicalId } from "../model-id.ts"
import type { Tokens } from "../price.ts"

export type ReplyReader = {
  /** Takes the next event of the stream; returns what a listener should hear of it. */
  take(event: Json): StreamedEvent | undefined
  /** True once the provider said that the message is complete. */
  isComplete(): boolean
  /** The reply, as far as it came. */
  finish(durationMs: number, requestId: string | null): Reply
}

type Draft =
  | { type: "text"; text: string }
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "redacted_thinking"; data: string }
  | { type: "tool_use"; id: string; name: string; json: string; given: Json }

/**
 * @param requestedModel counts as the one that answered when the stream names none
 * @param find what is known about the model that answered
 */
export function createReplyReader(
  requestedModel: string,
  find: (id: string) => ModelFacts = findModel,
): ReplyReader {
  const drafts = new Map<number, Draft>()
  const tokens = { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0 } satisfies Tokens
  let hourWriteTokens = 0
  let model = requestedModel
  let stopReason = ""
  let complete = false

  const count = (usage: Json) => {
    tokens.inputTokens = Math.max(tokens.inputTokens, countOf(usage.input_tokens))
    tokens.cacheWriteTokens = Math.max(tokens.cacheWriteTokens, countOf(usage.cache_creation_input_tokens))
    tokens.cacheReadTokens = Math.max(tokens.cacheReadTokens, countOf(usage.cache_read_input_tokens))
    tokens.outputTokens = Math.max(tokens.outputTokens, countOf(usage.output_tokens))
    const hour = countOf(objectOf(usage.cache_creation).ephemeral_1h_input_tokens)
    hourWriteTokens = Math.max(hourWriteTokens, hour)
  }

  return {
    take(event) {
      switch (event.type) {
        case "message_start": {
          const message = objectOf(event.message)
          model = textOf(message.model) || requestedModel
          count(objectOf(message.usage))
          return undefined
        }
        case "content_block_start": {
          const draft = startBlock(objectOf(event.content_block))
          if (draft) drafts.set(countOf(event.index), draft)
          if (draft?.type !== "tool_use") return undefined
          return { type: "tool_start", index: countOf(event.index), id: draft.id, name: draft.name }
        }
        case "content_block_delta": {
          const index = countOf(event.index)
          const draft = drafts.get(index)
          return draft && extend(draft, index, objectOf(event.delta))
        }
        case "message_delta":
          stopReason = textOf(objectOf(event.delta).stop_reason) || stopReason
          count(objectOf(event.usage))
          return undefined
        case "message_stop":
          complete = true
          return undefined
        default:
          return undefined
      }
    },
    isComplete: () => complete,
    finish(durationMs, requestId) {
      const inOrder = [...drafts.entries()].sort(([a], [b]) => a - b)
      const blocks = inOrder.flatMap(([, draft]) => toBlock(draft))
      const costUsd = priceOf(
        model,
        { ...tokens, hourWriteTokens },
        find(isSameModel(model, requestedModel) ? requestedModel : model),
      )
      return {
        blocks,
        stopReason: stopReason || (blocks.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn"),
        model,
        usage: { ...tokens, costUsd },
        durationMs: Math.max(0, durationMs),
        requestId,
      }
    },
  }
}

/** Facts are entered for the id that is asked for, which the server may spell otherwise. */
function isSameModel(answered: string, requested: string): boolean {
  return toCanonicalId(answered) === toCanonicalId(requested)
}

/** Blocks of the provider's own tools are none of ours and are left out. */
function startBlock(block: Json): Draft | undefined {
  switch (block.type) {
    case "text":
      return { type: "text", text: textOf(block.text) }
    case "thinking":
      return { type: "thinking", thinking: textOf(block.thinking), signature: textOf(block.signature) }
    case "redacted_thinking":
      return { type: "redacted_thinking", data: textOf(block.data) }
    case "tool_use":
      return {
        type: "tool_use",
        id: textOf(block.id),
        name: textOf(block.name),
        json: "",
        given: objectOf(block.input),
      }
    default:
      return undefined
  }
}

function extend(draft: Draft, index: number, delta: Json): StreamedEvent | undefined {
  if (draft.type === "text" && delta.type === "text_delta") {
    const text = textOf(delta.text)
    draft.text += text
    return { type: "text", text }
  }
  if (draft.type === "tool_use" && delta.type === "input_json_delta") {
    const json = textOf(delta.partial_json)
    draft.json += json
    return { type: "tool_input", index, json }
  }
  if (draft.type === "thinking" && delta.type === "thinking_delta") {
    const text = textOf(delta.thinking)
    draft.thinking += text
    return { type: "thinking", text }
  }
  if (draft.type === "thinking" && delta.type === "signature_delta")
    draft.signature += textOf(delta.signature)
  return undefined
}

/** Blank text is left out: the API refuses it when it is sent back. */
function toBlock(draft: Draft): Block[] {
  if (draft.type === "text") return draft.text.trim() === "" ? [] : [draft]
  if (draft.type !== "tool_use") return [draft]
  const { type, id, name, json, given } = draft
  const input = json.trim() === "" ? given : (parseObject(json) ?? { [malformedInput]: json })
  return [{ type, id, name, input }]
}
