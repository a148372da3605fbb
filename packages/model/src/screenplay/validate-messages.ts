/** Judges the messages of a request: roles, calls and their results, thoughts, and what no block may be. */
import type { ModelFacts } from "../catalog.ts"
import { isObject, type Json, objectOf, textOf } from "../json.ts"
import { findMediaViolation, findResultViolation } from "./validate-media.ts"

export function findMessagesViolation(
  { messages, thinking }: Json,
  { thinking: form }: ModelFacts,
): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return "messages: at least one message is required"
  /** Ids of the calls the message before made. */
  let open: string[] = []
  const seen = new Set<string>()
  for (const [i, message] of messages.entries()) {
    const at = `messages.${i}`
    const { role, content } = objectOf(message)
    if (role !== (i % 2 === 0 ? "user" : "assistant")) {
      return i === 0 ? `${at}: the first message must be from the user` : `${at}: roles must alternate`
    }
    const blocks = toBlocks(content)
    if (blocks === undefined || blocks.length === 0) return `${at}: all messages must have non-empty content`
    const problem =
      role === "user" ? findResultsViolation(blocks, open, at) : findCallsViolation(blocks, seen, at)
    if (problem) return problem
    open = blocks.filter(({ type }) => type === "tool_use").map(({ id }) => textOf(id))
  }
  if (messages.length % 2 === 0) {
    return "This model does not support assistant message prefill. The conversation must end with a user message."
  }
  const isBudget = form === "budget" && objectOf(thinking).type === "enabled"
  return isBudget ? findOpeningViolation(messages) : undefined
}

/** With a thinking budget, a reply that waits for results begins with a thought. */
function findOpeningViolation(messages: readonly unknown[]): string | undefined {
  const results = toBlocks(objectOf(messages.at(-1)).content) ?? []
  if (!results.some(({ type }) => type === "tool_result")) return undefined
  const at = messages.length - 2
  const first = textOf(toBlocks(objectOf(messages[at]).content)?.[0]?.type)
  return first === "thinking" || first === "redacted_thinking"
    ? undefined
    : `messages.${at}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block.`
}

function toBlocks(content: unknown): Json[] | undefined {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }]
  return Array.isArray(content) && content.every(isObject) ? content : undefined
}

const fields: Record<string, ReadonlySet<string>> = {
  text: new Set(["type", "text", "cache_control", "citations"]),
  image: new Set(["type", "source", "cache_control"]),
  document: new Set(["type", "source", "cache_control", "citations", "context", "title"]),
  tool_result: new Set(["type", "tool_use_id", "content", "is_error", "cache_control"]),
  thinking: new Set(["type", "thinking", "signature"]),
  redacted_thinking: new Set(["type", "data"]),
  tool_use: new Set(["type", "id", "name", "input", "cache_control"]),
}

function findExtra(block: Json, place: string): string | undefined {
  const known = fields[textOf(block.type)]
  const extra = known && Object.keys(block).find((name) => !known.has(name))
  return extra === undefined
    ? undefined
    : `${place}.${textOf(block.type)}.${extra}: Extra inputs are not permitted`
}

function findResultsViolation(blocks: Json[], open: string[], at: string): string | undefined {
  const answered = new Set<string>()
  let otherSeen = false
  for (const [j, block] of blocks.entries()) {
    const place = `${at}.content.${j}`
    const extra = findExtra(block, place)
    if (extra) return extra
    if (block.type === "text") {
      if (textOf(block.text) === "") return `${place}: text content blocks must be non-empty`
      otherSeen = true
    } else if (block.type === "tool_result") {
      const id = textOf(block.tool_use_id)
      if (!open.includes(id)) {
        return `${place}: unexpected tool_use_id found in tool_result blocks: ${id}. Each tool_result block must have a corresponding tool_use block in the previous message.`
      }
      if (answered.has(id)) return `${place}: each tool_use must have a single result, ${id} has more`
      if (otherSeen) return `${place}: tool_result blocks must come before text`
      answered.add(id)
      const problem = findResultViolation(block, place)
      if (problem) return problem
    } else if (block.type === "image" || block.type === "document") {
      otherSeen = true
      const problem = findMediaViolation(block, place)
      if (problem) return problem
    } else return `${place}: unexpected block of type ${String(block.type)} in a user message`
  }
  const missing = open.filter((id) => !answered.has(id))
  if (missing.length === 0) return undefined
  return `${at}: tool_use ids were found without tool_result blocks immediately after: ${missing.join(", ")}. Each tool_use block must have a corresponding tool_result block in the next message.`
}

function findCallsViolation(blocks: Json[], seen: Set<string>, at: string): string | undefined {
  for (const [j, block] of blocks.entries()) {
    const place = `${at}.content.${j}`
    const problem = findExtra(block, place) ?? findCallViolation(block, seen, place)
    if (problem) return problem
  }
  const last = blocks.at(-1)?.type
  if (last === "thinking" || last === "redacted_thinking")
    return `${at}: The final block in an assistant message cannot be \`${last}\`.`
  return undefined
}

function findCallViolation(block: Json, seen: Set<string>, place: string): string | undefined {
  switch (block.type) {
    case "text":
      return textOf(block.text).trim() === ""
        ? `${place}: text content blocks must contain non-whitespace text`
        : undefined
    case "thinking":
      return textOf(block.signature) === "" ? `${place}.thinking.signature: Field required` : undefined
    case "redacted_thinking":
      return textOf(block.data) === "" ? `${place}.redacted_thinking.data: Field required` : undefined
    case "tool_use": {
      const id = textOf(block.id)
      if (!/^[a-zA-Z0-9_-]+$/.test(id))
        return `${place}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`
      if (!/^[a-zA-Z0-9_-]{1,128}$/.test(textOf(block.name)))
        return `${place}.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`
      if (!isObject(block.input)) return `${place}.tool_use.input: Input should be a valid dictionary`
      if (seen.has(id)) return `messages: \`tool_use\` ids must be unique, ${id} is there twice`
      seen.add(id)
      return undefined
    }
    default:
      return `${place}: unexpected block of type ${String(block.type)} in an assistant message`
  }
}
