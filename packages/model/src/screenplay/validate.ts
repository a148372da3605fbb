/** Judges a request as the Messages API does, so that a conversation it would refuse is refused here too. */

import { bindingBeta } from "../anthropic/request.ts"
import { findModel, type ModelFacts } from "../catalog.ts"
import { isObject, type Json, objectOf, parseObject, textOf } from "../json.ts"
import { countChars } from "../media.ts"
import { estimateTokens } from "./cache.ts"
import { judgeThoughts, type Thoughts } from "./thoughts.ts"
import { findMessagesViolation } from "./validate-messages.ts"

/** The limit of the API for one request. */
const maxBytes = 32 * 1024 * 1024

export type Judged = { request: Json; thoughts: Thoughts } | { violation: string; status?: number }

/**
 * The body as an object, or what is wrong with it.
 * @param betas the feature flags of the request
 */
export function readRequest(body: string, betas: readonly string[] = [bindingBeta]): Judged {
  if (body.length > maxBytes) return { violation: "Request exceeds the maximum allowed size", status: 413 }
  const request = parseObject(body)
  if (!request || /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/i.test(body))
    return { violation: "The request body is not valid JSON" }
  const violation = findViolation(request, betas)
  if (violation !== undefined) return { violation }
  const thoughts = judgeThoughts(request, findModel(textOf(request.model)))
  return thoughts.violation === undefined ? { request, thoughts } : { violation: thoughts.violation }
}

/** What is wrong with the body of `POST /v1/messages`, in the API's manner; undefined = nothing. */
export function findViolation(request: Json, betas: readonly string[] = [bindingBeta]): string | undefined {
  const facts = findModel(textOf(request.model))
  return (
    findTopViolation(request, facts) ??
    findThinkingViolation(request, facts, betas) ??
    findToolsViolation(request.tools ?? []) ??
    findMessagesViolation(request, facts) ??
    findMarksViolation(request) ??
    findSizeViolation(request, facts)
  )
}

const fields = new Set(
  "model max_tokens stream system messages tools tool_choice thinking output_config metadata stop_sequences temperature top_p top_k service_tier cache_control".split(
    " ",
  ),
)

function findTopViolation(request: Json, { maxOutput, isKnown }: ModelFacts): string | undefined {
  const { model, max_tokens, system, stream } = request
  const unknown = Object.keys(request).find((name) => !fields.has(name))
  if (unknown !== undefined) return `${unknown}: Extra inputs are not permitted`
  if (typeof model !== "string" || model === "") return "model: Field required"
  if (/[[\]]/.test(model)) return `model: ${model}`
  if (typeof max_tokens !== "number" || !Number.isInteger(max_tokens) || max_tokens < 1) {
    return "max_tokens: must be a whole number greater than 0"
  }
  if (isKnown && max_tokens > maxOutput) {
    return `max_tokens: ${max_tokens} > ${maxOutput}, which is the maximum allowed number of output tokens for ${model}`
  }
  if (stream !== undefined && typeof stream !== "boolean") return "stream: must be true or false"
  if (system !== undefined && typeof system !== "string") {
    if (!Array.isArray(system)) return "system: must be a text or a list of text blocks"
    if (system.some((block) => textOf(objectOf(block).text) === ""))
      return "system: text blocks must be non-empty"
  }
  return undefined
}

const samplers = ["temperature", "top_p", "top_k"] as const

function findThinkingViolation(
  request: Json,
  { thinking: form, alwaysThinks, canForceTools, efforts, isKnown }: ModelFacts,
  betas: readonly string[],
): string | undefined {
  const { tool_choice, max_tokens, model, output_config } = request
  const thinking = objectOf(request.thinking)
  const type = textOf(thinking.type)
  const isOn = type === "adaptive" || type === "enabled"
  const choice = objectOf(tool_choice).type
  const isForced = choice === "tool" || choice === "any"
  if (isForced && !canForceTools) {
    return `tool_choice: type "tool" and "any" are not supported for this model.`
  }
  if (isForced && isOn) return "Thinking may not be enabled when tool_choice forces tool use."
  if (request.thinking !== undefined && !["adaptive", "enabled", "disabled"].includes(type))
    return `thinking.type: Input tag '${type}' found does not match any of the expected tags`
  if (isKnown && type === "enabled" && form === "adaptive")
    return `"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`
  if (isKnown && type === "adaptive" && form !== "adaptive")
    return `adaptive thinking is not supported on this model: ${String(model)}`
  if (type === "disabled" && alwaysThinks) return `"thinking.type.disabled" is not supported for this model.`
  if (type === "enabled") {
    const budget = thinking.budget_tokens
    if (typeof budget !== "number" || budget < 1024)
      return "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"
    if (typeof max_tokens === "number" && budget >= max_tokens)
      return "`max_tokens` must be greater than `thinking.budget_tokens`."
  }
  if (thinking.block_binding !== undefined && !betas.includes(bindingBeta))
    return `thinking.${type}.block_binding: Extra inputs are not permitted`
  if (thinking.display !== undefined && !["summarized", "omitted"].includes(textOf(thinking.display)))
    return "thinking.display: Input should be 'summarized' or 'omitted'"
  const sampler = samplers.find((name) => request[name] !== undefined)
  if (sampler && (isOn || (isKnown && form === "adaptive")))
    return `${sampler}: may not be set when thinking is enabled.`
  const effort = objectOf(output_config).effort
  if (effort !== undefined && isKnown && !efforts.some((level) => level === effort))
    return efforts.length === 0
      ? "This model does not support the effort parameter."
      : `output_config.effort: Input should be ${efforts.map((level) => `'${level}'`).join(", ")}`
  return undefined
}

const toolFields = new Set([
  "name",
  "description",
  "input_schema",
  "eager_input_streaming",
  "cache_control",
  "strict",
])

function findToolsViolation(tools: unknown): string | undefined {
  if (!Array.isArray(tools)) return "tools: must be a list"
  const names = new Set<string>()
  for (const [i, tool] of tools.entries()) {
    const { name, input_schema } = objectOf(tool)
    if (typeof name !== "string" || !/^[\w-]{1,128}$/.test(name))
      return `tools.${i}.name: must match [A-Za-z0-9_-]`
    if (names.has(name)) return `tools: Tool names must be unique, ${name} is there twice`
    if (objectOf(input_schema).type !== "object") return `tools.${i}.input_schema.type: must be "object"`
    const unknown = Object.keys(objectOf(tool)).find((field) => !toolFields.has(field))
    if (unknown !== undefined) return `tools.${i}.custom.${unknown}: Extra inputs are not permitted`
    names.add(name)
  }
  return undefined
}

function findMarksViolation({ system, tools, messages }: Json): string | undefined {
  const lists = [tools, system, ...messageContents(messages)]
  const blocks = lists.flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []))
  const marked = blocks.filter((block) => block.cache_control !== undefined)
  if (marked.length > 4)
    return `A maximum of 4 blocks with cache_control may be provided. Found ${marked.length}.`
  if (marked.some(({ type }) => type === "thinking" || type === "redacted_thinking"))
    return "cache_control: Extra inputs are not permitted for thinking blocks"
  const lives = marked.map(({ cache_control }) => objectOf(cache_control).ttl ?? "5m")
  if (lives.some((ttl) => ttl !== "5m" && ttl !== "1h"))
    return "cache_control.ephemeral.ttl: Input should be '5m' or '1h'"
  if (lives.indexOf("5m") >= 0 && lives.lastIndexOf("1h") > lives.indexOf("5m"))
    return "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block."
  return undefined
}

function findSizeViolation(request: Json, { contextWindow, isKnown }: ModelFacts): string | undefined {
  const { messages } = request
  if (Array.isArray(messages) && messages.length > 100_000) return "messages: at most 100000 are allowed"
  const { system, tools } = request
  const tokens = estimateTokens(countChars([tools, system, messages]))
  return isKnown && tokens > contextWindow
    ? `prompt is too long: ${tokens} tokens > ${contextWindow} maximum`
    : undefined
}

function messageContents(messages: unknown): unknown[] {
  return Array.isArray(messages) ? messages.map((message) => objectOf(message).content) : []
}
