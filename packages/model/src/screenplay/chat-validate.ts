/** Judges a request as Chat Completions does, and where servers differ as the strictest of them. */
import { createHash } from "node:crypto"
import { isObject, type Json, objectOf, parseObject, textOf } from "../json.ts"
import { countChars } from "../media.ts"
import { estimateTokens } from "./cache.ts"
import { findDataUrlViolation } from "./validate-media.ts"

/** What binds a piece of reasoning to its words: it has to come back as it was sent. */
export function sealReasoning(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22)
}

const fields = new Set(
  "model messages tools tool_choice parallel_tool_calls stream stream_options max_tokens max_completion_tokens reasoning_effort reasoning cache_control prompt_cache_key temperature top_p stop user".split(
    " ",
  ),
)
const efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]

/** What is wrong with the body of `POST /v1/chat/completions`; undefined = nothing. */
export function findChatViolation(request: Json, contextWindow = 200_000): string | undefined {
  return (
    findTopViolation(request) ??
    findToolsViolation(request.tools) ??
    findMessagesViolation(request.messages) ??
    findSizeViolation(request, contextWindow)
  )
}

function findTopViolation(request: Json): string | undefined {
  const unknown = Object.keys(request).find((name) => !fields.has(name))
  if (unknown !== undefined) return `Unrecognized request argument supplied: ${unknown}`
  const { model, stream, stream_options, reasoning_effort, max_tokens, max_completion_tokens } = request
  if (textOf(model) === "") return "you must provide a model parameter"
  if (stream !== undefined && typeof stream !== "boolean")
    return "Invalid type for 'stream': expected a boolean"
  if (stream_options !== undefined && stream !== true)
    return "The 'stream_options' parameter is only allowed when 'stream' is enabled."
  if (reasoning_effort !== undefined && !efforts.includes(textOf(reasoning_effort)))
    return "Invalid value for 'reasoning_effort'"
  if (max_tokens !== undefined && max_completion_tokens !== undefined)
    return "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
  const most = max_completion_tokens ?? max_tokens
  if (most !== undefined && (typeof most !== "number" || !Number.isInteger(most) || most < 1))
    return "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1"
  return undefined
}

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/

function findToolsViolation(tools: unknown): string | undefined {
  if (tools === undefined) return undefined
  if (!Array.isArray(tools) || tools.length === 0) return "[] is too short - 'tools'"
  const names = new Set<string>()
  for (const [i, tool] of tools.entries()) {
    const { type, function: offered } = objectOf(tool)
    const { name, parameters } = objectOf(offered)
    if (type !== "function") return `Missing required parameter: 'tools[${i}].type'.`
    if (!namePattern.test(textOf(name))) return `Invalid 'tools[${i}].function.name': does not match pattern`
    if (objectOf(parameters).type !== "object")
      return `Invalid schema for function '${textOf(name)}': schema must be a JSON Schema of 'type: "object"'`
    if (names.has(textOf(name))) return `Tool names must be unique: ${textOf(name)}`
    names.add(textOf(name))
  }
  return undefined
}

function findMessagesViolation(messages: unknown): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return "[] is too short - 'messages'"
  const seen = new Set<string>()
  /** Calls of the last reply without a result yet. */
  let open: string[] = []
  for (const [i, message] of messages.entries()) {
    const { role, tool_call_id } = objectOf(message)
    const at = `messages[${i}]`
    if (role === "tool") {
      const id = textOf(tool_call_id)
      if (id === "") return `Missing required parameter: '${at}.tool_call_id'.`
      if (!open.includes(id))
        return `Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'. (${at})`
      open = open.filter((other) => other !== id)
    } else if (open.length > 0) {
      return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(", ")}`
    }
    const problem = findMessageViolation(objectOf(message), at, seen)
    if (problem) return problem
    if (role === "assistant") open = callsOf(objectOf(message)).map(({ id }) => textOf(id))
  }
  if (open.length > 0)
    return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(", ")}`
  const last = objectOf(messages.at(-1)).role
  return last === "assistant" ? "The last message must not be the assistant's." : undefined
}

const allowed: Record<string, readonly string[]> = {
  system: ["role", "content"],
  user: ["role", "content"],
  tool: ["role", "content", "tool_call_id"],
  assistant: ["role", "content", "tool_calls", "reasoning", "reasoning_content", "reasoning_details"],
}

function findMessageViolation(message: Json, at: string, seen: Set<string>): string | undefined {
  const { role, content, tool_calls } = message
  const names = allowed[textOf(role)]
  if (!names)
    return `Invalid value: '${String(role)}'. Supported values are: 'system', 'assistant', 'user', 'tool'. (${at}.role)`
  const extra = Object.keys(message).find((name) => !names.includes(name))
  if (extra !== undefined) return `Unknown parameter: '${at}.${extra}'.`
  if (role === "user" && Array.isArray(content)) return findPartsViolation(content, at)
  if (role !== "assistant")
    return typeof content === "string" && content !== ""
      ? undefined
      : `Invalid value for '${at}.content': expected a string`
  if (tool_calls !== undefined && (!Array.isArray(tool_calls) || tool_calls.length === 0))
    return `[] is too short - '${at}.tool_calls'`
  if (typeof content !== "string" && !(content === null && tool_calls !== undefined))
    return `Invalid value for 'content': expected a string, got null. (${at})`
  for (const [j, call] of callsOf(message).entries()) {
    const problem = findCallViolation(call, `${at}.tool_calls[${j}]`, seen)
    if (problem) return problem
  }
  return findReasoningViolation(message, at)
}

function findPartsViolation(parts: readonly unknown[], at: string): string | undefined {
  if (parts.length === 0) return `[] is too short - '${at}.content'`
  for (const [j, part] of parts.entries()) {
    const { type, text, image_url, file } = objectOf(part)
    const place = `${at}.content[${j}]`
    if (type === "text") {
      if (textOf(text) === "") return `Invalid value for '${place}.text': expected a string`
      continue
    }
    if (type !== "image_url" && type !== "file")
      return `Invalid value: '${textOf(type)}'. Supported values are: 'text', 'image_url', 'input_audio', 'file'. (${place}.type)`
    if (type === "file" && textOf(objectOf(file).filename) === "")
      return `Missing required parameter: '${place}.file.filename'.`
    const url = textOf(type === "file" ? objectOf(file).file_data : objectOf(image_url).url)
    if ((type === "file") !== url.startsWith("data:application/pdf"))
      return `Invalid '${place}': unsupported media type`
    const problem = findDataUrlViolation(url)
    if (problem) return `Invalid '${place}': ${problem}`
  }
  return undefined
}

function callsOf({ tool_calls }: Json): Json[] {
  return Array.isArray(tool_calls) ? tool_calls.map(objectOf) : []
}

function findCallViolation(
  { id, type, function: called }: Json,
  at: string,
  seen: Set<string>,
): string | undefined {
  const { name, arguments: given } = objectOf(called)
  if (textOf(id) === "") return `Missing required parameter: '${at}.id'.`
  if (seen.has(textOf(id))) return `Duplicate value for '${at}.id': ${textOf(id)}`
  seen.add(textOf(id))
  if (type !== "function") return `Missing required parameter: '${at}.type'.`
  if (!namePattern.test(textOf(name))) return `Invalid '${at}.function.name': does not match pattern`
  if (typeof given !== "string") return `Invalid type for '${at}.function.arguments': expected a string.`
  // Ollama, llama.cpp and vLLM parse them for the template of the model.
  return parseObject(given) ? undefined : `Invalid '${at}.function.arguments': not a JSON object`
}

/** OpenRouter: a list of reasoning has to come back unchanged and in its order. */
function findReasoningViolation({ reasoning_details }: Json, at: string): string | undefined {
  if (reasoning_details === undefined) return undefined
  if (!Array.isArray(reasoning_details)) return `Invalid type for '${at}.reasoning_details': expected a list.`
  const isChanged = reasoning_details
    .filter(isObject)
    .some(({ text, signature }) => signature !== sealReasoning(textOf(text)))
  return isChanged ? `Invalid signature in reasoning_details (${at})` : undefined
}

function findSizeViolation({ messages, tools }: Json, contextWindow: number): string | undefined {
  const tokens = estimateTokens(countChars([tools, messages]))
  return tokens > contextWindow
    ? `This model's maximum context length is ${contextWindow} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`
    : undefined
}
