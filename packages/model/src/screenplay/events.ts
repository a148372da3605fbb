/** A scripted reply in the shapes of the Messages API: the message, and the events of its stream. */
import { isObject, type Json, objectOf, textOf } from "../json.ts"
import type { Tokens } from "../price.ts"
import type { Cut } from "./dialect.ts"
import type { ScriptedReply } from "./screenplay.ts"

/** How fast replies appear; absent = at once. */
export type Pace = { charsPerSec: number }

/** Into pieces of how many characters text and tool inputs are cut. */
export function pieceChars(pace: Pace | undefined): number {
  return pace ? 24 : 4000
}

/**
 * The reply as the API gives it when it does not stream.
 * @param sign makes the signature of a thought
 */
export function toMessage(
  reply: ScriptedReply,
  model: string,
  tokens: Tokens,
  { seed, sign }: { seed: string; sign: (thinking: string) => string },
): Json {
  const { thinking, text, calls, stop } = reply
  const hour = tokens.hourWriteTokens ?? 0
  const content: Json[] = [
    ...(thinking ? [{ type: "thinking", thinking, signature: sign(thinking) }] : []),
    ...(text ? [{ type: "text", text }] : []),
    ...calls.map(({ tool, input }, i) => ({
      type: "tool_use",
      id: `toolu_${seed}_${i + 1}`,
      name: tool,
      input,
    })),
  ]
  return {
    id: `msg_${seed}`,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: stop ?? (calls.length > 0 ? "tool_use" : "end_turn"),
    stop_sequence: null,
    usage: {
      input_tokens: tokens.inputTokens,
      cache_creation_input_tokens: tokens.cacheWriteTokens,
      cache_read_input_tokens: tokens.cacheReadTokens,
      cache_creation: {
        ephemeral_5m_input_tokens: tokens.cacheWriteTokens - hour,
        ephemeral_1h_input_tokens: hour,
      },
      output_tokens: tokens.outputTokens,
    },
  }
}

/** The events that stream this message. Malformed: tool inputs lose their last character. */
export function toEvents(message: Json, cut: Cut): Json[] {
  const { content, stop_reason, usage } = message
  const blocks = Array.isArray(content) ? content.filter(isObject) : []
  const atStart = { ...objectOf(usage), output_tokens: 1 }
  return [
    { type: "message_start", message: { ...message, content: [], stop_reason: null, usage: atStart } },
    { type: "ping" },
    ...blocks.flatMap((block, index) => toBlockEvents(block, index, cut)),
    { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage },
    { type: "message_stop" },
  ]
}

function toBlockEvents(block: Json, index: number, { pieceChars, isMalformed }: Cut): Json[] {
  const toDeltas = (text: string, toDelta: (piece: string) => Json): Json[] =>
    toPieces(text, pieceChars).map((piece) => ({ type: "content_block_delta", index, delta: toDelta(piece) }))
  const wrap = (start: Json, deltas: Json[]): Json[] => [
    { type: "content_block_start", index, content_block: start },
    ...deltas,
    { type: "content_block_stop", index },
  ]
  switch (block.type) {
    case "thinking":
      return wrap({ type: "thinking", thinking: "", signature: "" }, [
        ...toDeltas(textOf(block.thinking), (thinking) => ({ type: "thinking_delta", thinking })),
        {
          type: "content_block_delta",
          index,
          delta: { type: "signature_delta", signature: block.signature },
        },
      ])
    case "tool_use": {
      const json = JSON.stringify(block.input)
      return wrap(
        { ...block, input: {} },
        toDeltas(isMalformed ? json.slice(0, -1) : json, (piece) => ({
          type: "input_json_delta",
          partial_json: piece,
        })),
      )
    }
    default:
      return wrap(
        { type: "text", text: "" },
        toDeltas(textOf(block.text), (text) => ({ type: "text_delta", text })),
      )
  }
}

function toPieces(text: string, chars: number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += chars) pieces.push(text.slice(at, at + chars))
  return pieces
}

/** How many characters a reader sees appear with this event. */
export function visibleChars(event: Json): number {
  const { text, thinking, partial_json } = objectOf(event.delta)
  const choice = objectOf(Array.isArray(event.choices) ? event.choices[0] : undefined)
  const { content, reasoning, tool_calls } = objectOf(choice.delta)
  const called = objectOf(objectOf(Array.isArray(tool_calls) ? tool_calls[0] : undefined).function)
  const candidate = objectOf(Array.isArray(event.candidates) ? event.candidates[0] : undefined)
  const { parts } = objectOf(candidate.content)
  const part = objectOf(Array.isArray(parts) ? parts[0] : undefined)
  const all = [event.delta, part.text, text, thinking, partial_json, content, reasoning, called.arguments]
  return all.reduce((sum: number, piece) => sum + textOf(piece).length, 0)
}
