/** A request as bytes of JSON, with its cache breakpoints. */

import { findModel, type Manners } from "../catalog.ts"
import type { Message, ModelRequest, ToolSpec } from "../model.ts"

/** Feature flag of the API for `block_binding` below. */
export const bindingBeta = "thinking-binding-controls-2026-08-01"

const cacheMark = `,"cache_control":{"type":"ephemeral"}`
const messageEnd = Buffer.from("}]}")
const markedEnd = Buffer.from(`${cacheMark}}]}`)
const comma = Buffer.from(",")
const end = Buffer.from("]}")

/** Each message is turned to JSON once, for as long as it lives; it must not be changed after its first use. */
const encoded = new WeakMap<Message, Buffer>()

/**
 * The body of `POST /v1/messages`. Apart from the cache marks, a request's bytes begin with those of the
 * request it continues; the marks sit on the tools, the system prompt and the last two user messages, so that
 * each turn reads what the turn before wrote.
 */
export function encodeRequest(request: ModelRequest): Buffer {
  const { messages } = request
  const marked = messages.flatMap(({ role }, i) => (role === "user" ? [i] : [])).slice(-2)
  const parts: Buffer[] = [Buffer.from(encodeHead(request))]
  messages.forEach((message, i) => {
    const bytes = encodeMessage(message)
    if (i > 0) parts.push(comma)
    if (marked.includes(i)) parts.push(bytes.subarray(0, -messageEnd.length), markedEnd)
    else parts.push(bytes)
  })
  parts.push(end)
  return Buffer.concat(parts)
}

/** Everything in front of the messages, up to their opening bracket. */
function encodeHead({ model, maxTokens, system, tools, mustCall }: ModelRequest): string {
  const { manners } = findModel(model)
  const forced = mustCall !== undefined && manners.obeys
  const head = JSON.stringify({
    model,
    max_tokens: maxTokens,
    stream: true,
    ...(tools.length > 0 && { tools: encodeTools(tools, manners) }),
    ...(system !== "" && { system: [{ type: "text", text: system, cache_control: { type: "ephemeral" } }] }),
    ...(forced && { tool_choice: { type: "tool", name: mustCall } }),
    ...(manners.thinks && !forced && { thinking: toThinking(manners) }),
  })
  return `${head.slice(0, -1)},"messages":[`
}

function encodeTools(tools: readonly ToolSpec[], manners: Manners): unknown[] {
  return tools.map(({ name, description, inputSchema }, i) => ({
    name,
    description,
    input_schema: inputSchema,
    ...(manners.eager && { eager_input_streaming: true }),
    ...(i === tools.length - 1 && { cache_control: { type: "ephemeral" } }),
  }))
}

/** Asks for the thoughts as text, and that thoughts which no longer fit the conversation are not held against us. */
function toThinking(manners: Manners): unknown {
  const binding = { block_binding: { prefix_mismatch_behavior: "drop_block" } }
  return { type: "adaptive", display: "summarized", ...(manners.binds && binding) }
}

function encodeMessage(message: Message): Buffer {
  const known = encoded.get(message)
  if (known) return known
  const bytes = Buffer.from(JSON.stringify({ role: message.role, content: toContent(message) }))
  encoded.set(message, bytes)
  return bytes
}

/** The API refuses messages without content and empty texts. */
function toContent(message: Message): unknown[] {
  const blocks = message.content.map((block) => {
    if (block.type === "text") return { type: "text", text: block.text || "(empty)" }
    if (block.type !== "tool_result") return block
    return {
      type: "tool_result",
      tool_use_id: block.toolUseId,
      content: block.output,
      ...(block.isError && { is_error: true }),
    }
  })
  return blocks.length > 0 ? blocks : [{ type: "text", text: "(empty)" }]
}
