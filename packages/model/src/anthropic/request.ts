/** A request as bytes of JSON, with its cache breakpoints: each model asked the way it works best. */

import { type Abilities, clampEffort, findModel, type ModelFacts } from "../catalog.ts"
import { toJson } from "../json.ts"
import { fitMedia } from "../media.ts"
import type { MediaBlock, Message, ModelRequest, ToolSpec } from "../model.ts"
import { toWireId } from "../model-id.ts"
import { repairMessages } from "../repair.ts"

/** Feature flag of the API for `block_binding` below. */
export const bindingBeta = "thinking-binding-controls-2026-08-01"
/** Lets the models with a thinking budget think between tool calls, too. */
export const interleavedBeta = "interleaved-thinking-2025-05-14"

/** What a server may not know, or refuse, and can be left out of a request. */
export const extras = [
  "thinking",
  "binding",
  "interleaved",
  "effort",
  "streamed_input",
  "hour_cache",
  "media",
] as const
export type Extra = (typeof extras)[number]

export type Encoding = {
  facts: ModelFacts
  /** Left out because this server refused it. */
  without: ReadonlySet<Extra>
  /** True for replies whose thoughts this server refuses. */
  isBare: (message: Message) => boolean
}

const messageEnd = Buffer.from("}]}")
const comma = Buffer.from(",")
const end = Buffer.from("]}")

/** Each message is turned to JSON once, for as long as it lives; it must not be changed after its first use. */
const encoded = new WeakMap<Message, Buffer>()

/**
 * The body of `POST /v1/messages`. Apart from the cache marks, a request's bytes begin with those of the
 * request it continues; the marks sit on the tools, the system prompt and the last two user messages, so that
 * each turn reads what the turn before wrote.
 */
export function encodeRequest(request: ModelRequest, how: Partial<Encoding> = {}): Buffer {
  const { facts = findModel(request.model), without = new Set<Extra>(), isBare } = how
  const sees = without.has("media") ? [] : facts.sees
  const messages = repairMessages(
    fitMedia(request.messages, sees),
    (message) => isForeign(message) || (isBare?.(message) ?? false),
  )
  const marked = messages.flatMap(({ role }, i) => (role === "user" ? [i] : [])).slice(-2)
  const mark = toMark(request.cacheFor === "1h" && !without.has("hour_cache"))
  const markedEnd = Buffer.from(`,"cache_control":${JSON.stringify(mark)}}]}`)
  const parts: Buffer[] = [Buffer.from(encodeHead({ ...request, messages }, facts, without, mark))]
  messages.forEach((message, i) => {
    const bytes = encodeMessage(message)
    if (i > 0) parts.push(comma)
    if (marked.includes(i)) parts.push(bytes.subarray(0, -messageEnd.length), markedEnd)
    else parts.push(bytes)
  })
  parts.push(end)
  return Buffer.concat(parts)
}

/** True for a reply of another provider's model, whose thoughts this API does not take: their signatures are no base64. */
function isForeign({ role, content }: Message): boolean {
  return (
    role === "assistant" &&
    content.some(
      (block) =>
        block.type === "thinking" && (block.signature.startsWith("{") || foreign.has(block.signature)),
    )
  )
}

/** What the readers of other APIs write where a signature would stand. */
const foreign = new Set(["reasoning_content", "reasoning", "gemini"])

/** The feature flags such a request needs. */
export function betasOf({ checksPrefix, thinking }: Abilities, without: ReadonlySet<Extra>): string[] {
  if (without.has("thinking")) return []
  return [
    ...(thinking === "adaptive" && checksPrefix && !without.has("binding") ? [bindingBeta] : []),
    ...(thinking === "budget" && !without.has("interleaved") ? [interleavedBeta] : []),
  ]
}

function toMark(isForHour: boolean): { type: "ephemeral"; ttl?: "1h" } {
  return { type: "ephemeral", ...(isForHour && { ttl: "1h" }) }
}

/** Everything in front of the messages, up to their opening bracket. */
function encodeHead(
  request: ModelRequest,
  facts: ModelFacts,
  without: ReadonlySet<Extra>,
  mark: object,
): string {
  const { model, maxTokens, system, tools, effort } = request
  const most = Math.min(maxTokens, facts.maxOutput)
  const level = effort && !without.has("effort") ? clampEffort(effort, facts.efforts) : undefined
  const thinking = without.has("thinking") ? undefined : toThinking(request, most, facts, without)
  const head = toJson({
    model: toWireId(model),
    max_tokens: most,
    stream: true,
    ...(tools.length > 0 && {
      tools: encodeTools(tools, facts.streamsInput && !without.has("streamed_input"), mark),
    }),
    ...(system !== "" && { system: [{ type: "text", text: system, cache_control: mark }] }),
    ...(thinking && { thinking }),
    ...(level && { output_config: { effort: level } }),
  })
  return `${head.slice(0, -1)},"messages":[`
}

function encodeTools(tools: readonly ToolSpec[], isStreamed: boolean, mark: object): unknown[] {
  return tools.map(({ name, description, inputSchema, isLong }, i) => ({
    name,
    description,
    input_schema: inputSchema,
    ...(isStreamed && isLong && { eager_input_streaming: true }),
    ...(i === tools.length - 1 && { cache_control: mark }),
  }))
}

/** Tokens for thoughts, by effort, for models with a budget. The least the API takes is 1,024. */
const budgets = { low: 2_048, medium: 8_192, high: 16_384, xhigh: 32_000, max: 48_000 } as const
const minBudget = 1_024

/** Asks for the thoughts as text, and that thoughts which no longer fit the conversation are not held against us. */
function toThinking(
  { effort = "medium", messages }: ModelRequest,
  maxTokens: number,
  { thinking, checksPrefix }: Abilities,
  without: ReadonlySet<Extra>,
): object | undefined {
  if (thinking === "adaptive") {
    const binding = { block_binding: { prefix_mismatch_behavior: "drop_block" } }
    const isBound = checksPrefix && !without.has("binding")
    return { type: "adaptive", display: "summarized", ...(isBound && binding) }
  }
  const tokens = Math.min(budgets[effort], Math.floor(maxTokens / 2))
  if (thinking === "none" || tokens < minBudget || !beginsWithThought(messages)) return undefined
  return { type: "enabled", budget_tokens: tokens }
}

/** Models with a budget want a reply that waits for results to begin with a thought, or no thinking at all. */
function beginsWithThought(messages: readonly Message[]): boolean {
  if (!messages.at(-1)?.content.some(({ type }) => type === "tool_result")) return true
  const type = messages.findLast(({ role }) => role === "assistant")?.content[0]?.type
  return type === "thinking" || type === "redacted_thinking"
}

function encodeMessage(message: Message): Buffer {
  const known = encoded.get(message)
  if (known) return known
  const bytes = Buffer.from(toJson({ role: message.role, content: message.content.map(toBlock) }))
  encoded.set(message, bytes)
  return bytes
}

function toBlock(block: Message["content"][number]): unknown {
  if (block.type === "media") return toMedia(block)
  if (block.type !== "tool_result") return block
  const words = block.output === "" ? [] : [{ type: "text", text: block.output }]
  // A result that is an error may hold text only.
  const media = block.isError ? [] : (block.media ?? [])
  return {
    type: "tool_result",
    tool_use_id: block.toolUseId,
    content: media.length > 0 ? [...words, ...media.map(toMedia)] : block.output,
    ...(block.isError && { is_error: true }),
  }
}

function toMedia({ mediaType, data }: MediaBlock): unknown {
  const type = mediaType === "application/pdf" ? "document" : "image"
  return { type, source: { type: "base64", media_type: mediaType, data } }
}
