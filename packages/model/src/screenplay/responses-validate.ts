/** Judges a request as OpenAI's Responses API does for clients that let it store nothing. */
import { isObject, type Json, objectOf, parseObject, textOf } from "../json.ts"
import { countChars } from "../media.ts"
import { estimateTokens } from "./cache.ts"
import { sealReasoning } from "./chat-validate.ts"
import type { Thoughts } from "./thoughts.ts"
import { findDataUrlViolation } from "./validate-media.ts"

const fields = new Set(
  "model input instructions stream store include max_output_tokens tools tool_choice parallel_tool_calls reasoning prompt_cache_key temperature top_p text truncation metadata service_tier".split(
    " ",
  ),
)
const efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]

export type Verdict = { violation: string } | { thoughts: Thoughts }

/** What is wrong with the body of `POST /v1/responses`, or what of its thoughts can be used. */
export function judgeResponses(request: Json, contextWindow = 200_000): Verdict {
  const violation =
    findTopViolation(request) ??
    findToolsViolation(request.tools) ??
    findItemsViolation(request.input) ??
    findSizeViolation(request, contextWindow)
  if (violation !== undefined) return { violation }
  const kept = listOf(request.input).filter(({ type }) => type === "reasoning").length
  return { thoughts: { kept, dropped: 0 } }
}

function findTopViolation(request: Json): string | undefined {
  const unknown = Object.keys(request).find((name) => !fields.has(name))
  if (unknown !== undefined) return `Unknown parameter: '${unknown}'.`
  const { model, stream, store, include, max_output_tokens, reasoning, prompt_cache_key } = request
  if (textOf(model) === "") return "Missing required parameter: 'model'."
  if (stream !== undefined && typeof stream !== "boolean")
    return "Invalid type for 'stream': expected a boolean"
  if (store !== false) return "This organization keeps no data: 'store' must be false."
  if (
    include !== undefined &&
    !(Array.isArray(include) && include.every((one) => one === "reasoning.encrypted_content"))
  )
    return "Invalid value: 'include'."
  if (
    max_output_tokens !== undefined &&
    !(typeof max_output_tokens === "number" && Number.isInteger(max_output_tokens) && max_output_tokens >= 16)
  )
    return "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16"
  const { effort, summary, ...rest } = objectOf(reasoning)
  if (effort !== undefined && !efforts.includes(textOf(effort))) return "Invalid value: 'reasoning.effort'."
  if (summary !== undefined && !["auto", "concise", "detailed"].includes(textOf(summary)))
    return "Invalid value: 'reasoning.summary'."
  const other = Object.keys(rest)[0]
  if (other !== undefined) return `Unknown parameter: 'reasoning.${other}'.`
  if (textOf(prompt_cache_key).length > 64) return "Invalid 'prompt_cache_key': string too long."
  return undefined
}

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/
const toolFields = new Set(["type", "name", "description", "parameters", "strict"])

function findToolsViolation(tools: unknown): string | undefined {
  if (tools === undefined) return undefined
  if (!Array.isArray(tools)) return "Invalid type for 'tools': expected an array."
  const names = new Set<string>()
  for (const [i, tool] of tools.map(objectOf).entries()) {
    const name = textOf(tool.name)
    if (tool.type !== "function") return `Invalid value: 'tools[${i}].type'.`
    if (!namePattern.test(name)) return `Invalid 'tools[${i}].name': string does not match pattern.`
    if (names.has(name)) return `Duplicate tool name: ${name}`
    names.add(name)
    const extra = Object.keys(tool).find((field) => !toolFields.has(field))
    if (extra !== undefined) return `Unknown parameter: 'tools[${i}].${extra}'.`
    if (objectOf(tool.parameters).type !== "object")
      return `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"'`
    // A strict schema names all of its fields as required and allows no others.
    if (tool.strict !== false)
      return `Invalid schema for function '${name}': 'required' is required to be supplied.`
  }
  return undefined
}

function findItemsViolation(input: unknown): string | undefined {
  if (!Array.isArray(input) || input.length === 0) return "Missing required parameter: 'input'."
  const items = input.map(objectOf)
  const calls = new Set<string>()
  const answered = new Set<string>()
  for (const [i, item] of items.entries()) {
    const at = `input[${i}]`
    const problem = findItemViolation(item, at, items[i + 1])
    if (problem) return problem
    const id = textOf(item.call_id)
    if (item.type === "function_call") {
      if (calls.has(id)) return `Duplicate item found with call_id ${id}.`
      calls.add(id)
    }
    if (item.type !== "function_call_output") continue
    if (!calls.has(id)) return `No tool call found for function call output with call_id ${id}.`
    if (answered.has(id)) return `Duplicate output for call_id ${id}.`
    answered.add(id)
  }
  const open = [...calls].find((id) => !answered.has(id))
  return open === undefined ? undefined : `No tool output found for function call ${open}.`
}

const itemFields: Record<string, readonly string[]> = {
  message: ["type", "role", "content", "phase"],
  reasoning: ["type", "id", "summary", "encrypted_content"],
  function_call: ["type", "call_id", "name", "arguments"],
  function_call_output: ["type", "call_id", "output"],
}

function findItemViolation(item: Json, at: string, next: Json | undefined): string | undefined {
  const type = textOf(item.type) || "message"
  const names = itemFields[type]
  if (!names) return `Invalid value: '${type}'. (${at}.type)`
  const extra = Object.keys(item).find((name) => !names.includes(name))
  if (extra !== undefined) return `Unknown parameter: '${at}.${extra}'.`
  switch (type) {
    case "message":
      return findMessageViolation(item, at)
    case "reasoning":
      return findReasoningViolation(item, at, next)
    case "function_call":
      if (textOf(item.call_id) === "" || textOf(item.call_id).length > 64)
        return `Invalid '${at}.call_id': string too long or empty. Expected a string with maximum length 64.`
      if (!namePattern.test(textOf(item.name))) return `Invalid '${at}.name': string does not match pattern.`
      return parseObject(textOf(item.arguments)) ? undefined : `Invalid '${at}.arguments': not a JSON object`
    default:
      return typeof item.output === "string" ? undefined : findPartsViolation(item.output, `${at}.output`)
  }
}

function findMessageViolation({ role, content, phase }: Json, at: string): string | undefined {
  if (role === "assistant") {
    if (phase !== undefined && phase !== "commentary" && phase !== "final_answer")
      return `Invalid value: '${at}.phase'.`
    return typeof content === "string" && content !== "" ? undefined : `Invalid type for '${at}.content'.`
  }
  if (role !== "user") return `Invalid value: '${at}.role'.`
  if (phase !== undefined) return `Unknown parameter: '${at}.phase'.`
  return typeof content === "string" ? undefined : findPartsViolation(content, `${at}.content`)
}

function findReasoningViolation(
  { id, summary, encrypted_content }: Json,
  at: string,
  next: Json | undefined,
): string | undefined {
  if (!/^rs_\w+$/.test(textOf(id))) return `Invalid '${at}.id': '${textOf(id)}'.`
  if (!Array.isArray(summary)) return `Missing required parameter: '${at}.summary'.`
  if (textOf(encrypted_content) === "")
    return `Item with id '${textOf(id)}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`
  const text = summary.map((part) => textOf(objectOf(part).text)).join("")
  if (textOf(encrypted_content) !== encrypt(text))
    return `The encrypted content for item ${textOf(id)} could not be verified.`
  const follows = textOf(next?.type) || (next?.role === "assistant" ? "message" : "")
  return follows === "message" || follows === "function_call" || follows === "reasoning"
    ? undefined
    : `Item '${textOf(id)}' of type 'reasoning' was provided without its required following item.`
}

/** The encrypted content of a thought with these words. */
export function encrypt(summary: string): string {
  return `gAAAA${sealReasoning(summary)}`
}

function findPartsViolation(parts: unknown, at: string): string | undefined {
  if (!Array.isArray(parts) || parts.length === 0) return `Invalid '${at}': array too short.`
  for (const [i, part] of parts.map(objectOf).entries()) {
    const { type, text, image_url, file_data, filename } = part
    const place = `${at}[${i}]`
    if (type === "input_text") {
      if (textOf(text) === "") return `Invalid '${place}.text': empty string.`
      continue
    }
    if (type !== "input_image" && type !== "input_file")
      return `Invalid value: '${textOf(type)}'. Supported values are: 'input_text', 'input_image', 'input_file'.`
    if (type === "input_file" && textOf(filename) === "")
      return `Missing required parameter: '${place}.filename'.`
    const url = textOf(type === "input_file" ? file_data : image_url)
    if ((type === "input_file") !== url.startsWith("data:application/pdf"))
      return `Invalid '${place}': file type`
    const problem = findDataUrlViolation(url)
    if (problem) return `Invalid '${place}': ${problem}`
  }
  return undefined
}

function findSizeViolation({ input, instructions, tools }: Json, contextWindow: number): string | undefined {
  const tokens = estimateTokens(countChars([instructions, input, tools]))
  return tokens > contextWindow
    ? "Your input exceeds the context window of this model. Please adjust your input and try again."
    : undefined
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
