/** Judges a request as the Messages API does, so that a conversation it would refuse is refused here too. */

import { findModel } from "../catalog.ts"
import { isObject, type Json, objectOf, parseObject, textOf } from "../json.ts"

/** What is wrong with the body of `POST /v1/messages`, in the API's manner; undefined = nothing. */
export function findViolation(request: Json): string | undefined {
  return (
    findTopViolation(request) ??
    findToolsViolation(request.tools ?? []) ??
    findMessagesViolation(request.messages) ??
    findMarksViolation(request)
  )
}

function findTopViolation({ model, max_tokens, system, stream, tool_choice }: Json): string | undefined {
  if (typeof model !== "string" || model === "") return "model: Field required"
  if (typeof max_tokens !== "number" || !Number.isInteger(max_tokens) || max_tokens < 1) {
    return "max_tokens: must be a whole number greater than 0"
  }
  const { maxOutput, manners } = findModel(model)
  if (model.startsWith("claude-") && max_tokens > maxOutput) {
    return `max_tokens: ${max_tokens} > ${maxOutput}, which is the maximum allowed number of output tokens for ${model}`
  }
  if (stream !== undefined && typeof stream !== "boolean") return "stream: must be true or false"
  if (system !== undefined && typeof system !== "string") {
    if (!Array.isArray(system)) return "system: must be a text or a list of text blocks"
    if (system.some((block) => textOf(objectOf(block).text) === ""))
      return "system: text blocks must be non-empty"
  }
  const choice = objectOf(tool_choice).type
  if ((choice === "tool" || choice === "any") && !manners.obeys) {
    return `tool_choice: type "tool" and "any" are not supported for this model.`
  }
  return undefined
}

function findToolsViolation(tools: unknown): string | undefined {
  if (!Array.isArray(tools)) return "tools: must be a list"
  const names = new Set<string>()
  for (const [i, tool] of tools.entries()) {
    const { name, input_schema } = objectOf(tool)
    if (typeof name !== "string" || !/^[\w-]{1,128}$/.test(name))
      return `tools.${i}.name: must match [A-Za-z0-9_-]`
    if (names.has(name)) return `tools: Tool names must be unique, ${name} is there twice`
    if (objectOf(input_schema).type !== "object") return `tools.${i}.input_schema.type: must be "object"`
    names.add(name)
  }
  return undefined
}

function findMessagesViolation(messages: unknown): string | undefined {
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
  return undefined
}

function toBlocks(content: unknown): Json[] | undefined {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }]
  return Array.isArray(content) && content.every(isObject) ? content : undefined
}

function findResultsViolation(blocks: Json[], open: string[], at: string): string | undefined {
  const answered = new Set<string>()
  let textSeen = false
  for (const [j, block] of blocks.entries()) {
    const place = `${at}.content.${j}`
    if (block.type === "text") {
      if (textOf(block.text) === "") return `${place}: text content blocks must be non-empty`
      textSeen = true
    } else if (block.type === "tool_result") {
      const id = textOf(block.tool_use_id)
      if (!open.includes(id)) {
        return `${place}: unexpected tool_use_id found in tool_result blocks: ${id}. Each tool_result block must have a corresponding tool_use block in the previous message.`
      }
      if (answered.has(id)) return `${place}: each tool_use must have a single result, ${id} has more`
      if (textSeen) return `${place}: tool_result blocks must come before text`
      answered.add(id)
    } else return `${place}: unexpected block of type ${String(block.type)} in a user message`
  }
  const missing = open.filter((id) => !answered.has(id))
  if (missing.length === 0) return undefined
  return `${at}: tool_use ids were found without tool_result blocks immediately after: ${missing.join(", ")}. Each tool_use block must have a corresponding tool_result block in the next message.`
}

function findCallsViolation(blocks: Json[], seen: Set<string>, at: string): string | undefined {
  for (const [j, block] of blocks.entries()) {
    const place = `${at}.content.${j}`
    switch (block.type) {
      case "text":
        if (textOf(block.text).trim() === "")
          return `${place}: text content blocks must contain non-whitespace text`
        break
      case "thinking":
        if (textOf(block.signature) === "") return `${place}.signature: Field required`
        break
      case "redacted_thinking":
        break
      case "tool_use": {
        const id = textOf(block.id)
        if (id === "" || textOf(block.name) === "") return `${place}: a tool_use needs an id and a name`
        if (!isObject(block.input)) return `${place}.input: Input should be an object`
        if (seen.has(id)) return `${place}: tool_use ids must be unique, ${id} is there twice`
        seen.add(id)
        break
      }
      default:
        return `${place}: unexpected block of type ${String(block.type)} in an assistant message`
    }
  }
  return undefined
}

function findMarksViolation({ system, tools, messages }: Json): string | undefined {
  const lists = [tools, system, ...messageContents(messages)]
  const blocks = lists.flatMap((list) => (Array.isArray(list) ? list : []))
  const marks = blocks.filter((block) => isObject(block) && block.cache_control)
  if (marks.length > 4)
    return `A maximum of 4 blocks with cache_control may be provided. Found ${marks.length}.`
  return undefined
}

function messageContents(messages: unknown): unknown[] {
  return Array.isArray(messages) ? messages.map((message) => objectOf(message).content) : []
}

/** The body as an object, or what is wrong with it. */
export function readRequest(body: string): { request: Json } | { violation: string } {
  const request = parseObject(body)
  if (!request) return { violation: "The request body is not valid JSON" }
  const violation = findViolation(request)
  return violation === undefined ? { request } : { violation }
}
