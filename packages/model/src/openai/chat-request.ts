/** A request to Chat Completions, as OpenAI specifies it and as the servers that follow it want it. */
import { type Block, type ProviderId, type Sight, splitModelId } from "@aura/core"
import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from "openai/resources/chat"
import { clampEffort, type ModelFacts } from "../catalog.ts"
import { type Json, textOf, toJson } from "../json.ts"
import { malformedInput } from "../malformed.ts"
import { countChars, fitMedia, toDataUrl } from "../media.ts"
import type { MediaBlock, Message, ModelRequest, ToolSpec } from "../model.ts"
import { familyOf } from "../model-id.ts"
import { repairMessages } from "../repair.ts"
import { extraOf, toReasoning } from "./reasoning.ts"

/** What a server may refuse, and can be left out of a request. */
export const extras = ["summary", "effort", "usage", "thoughts", "parallel", "cache", "media"] as const
export type Extra = (typeof extras)[number]

export type Encoding = {
  provider: ProviderId
  api: "chat" | "responses" | "gemini"
  facts: ModelFacts
  /** Left out because this server refused it. */
  without: ReadonlySet<Extra>
  /** How this server calls the longest reply. */
  limitName: "max_tokens" | "max_completion_tokens"
  /** Nobody but OpenAI's own models calls for the effort by this name. */
  takesEffort: boolean
}

/** The least a reply may have: with fewer, no call fits into it. */
const minReply = 1024

export function encodeChat(request: ModelRequest, encoding: Encoding): string {
  const { provider, facts, without, limitName } = encoding
  const messages = toMessages(request, without.has("media") ? [] : facts.sees, without)
  const tools = request.tools.map(toTool)
  const most = longestReply(request, facts, estimate([messages, tools]))
  const body: ChatCompletionCreateParamsStreaming = {
    model: splitModelId(request.model).name,
    messages,
    stream: true,
    [limitName]: most,
    ...(tools.length > 0 && { tools }),
    ...(tools.length > 0 && without.has("parallel") && { parallel_tool_calls: false }),
    ...(!without.has("usage") && { stream_options: { include_usage: true } }),
  }
  const needsMark = provider === "openrouter" && familyOf(request.model) && !without.has("cache")
  return toJson({
    ...body,
    ...(without.has("effort") ? {} : toEffort(request, encoding)),
    ...(needsMark && { cache_control: { type: "ephemeral" } }),
  })
}

/** What a reply may have beside a prompt of about so many tokens. */
export function longestReply(
  { maxTokens }: Pick<ModelRequest, "maxTokens">,
  { contextWindow, maxOutput }: ModelFacts,
  promptTokens: number,
): number {
  return Math.min(maxTokens, maxOutput, Math.max(contextWindow - promptTokens, minReply))
}

/** About how many tokens a value takes; rather too many than too few. */
export function estimate(value: unknown): number {
  return Math.ceil(countChars(value) / 3)
}

const threeLevels = ["low", "medium", "high"] as const

function toEffort({ effort }: ModelRequest, { provider, facts, takesEffort }: Encoding): Json {
  if (!effort) return {}
  const levels = facts.efforts.length > 0 ? facts.efforts : threeLevels
  const level = clampEffort(effort, levels)
  if (provider === "openrouter") return { reasoning: { effort: level } }
  return takesEffort ? { reasoning_effort: level } : {}
}

function toTool({ name, description, inputSchema }: ToolSpec): {
  type: "function"
  function: { name: string; description: string; parameters: Record<string, unknown> }
} {
  return { type: "function", function: { name, description, parameters: inputSchema } }
}

function toMessages(
  { system, messages }: ModelRequest,
  sees: readonly Sight[],
  without: ReadonlySet<Extra>,
): ChatCompletionMessageParam[] {
  const made: ChatCompletionMessageParam[] = system === "" ? [] : [{ role: "system", content: system }]
  const repaired = repairMessages(fitMedia(messages, sees))
  for (const [i, message] of repaired.entries()) {
    if (message.role === "user") made.push(...(without.has("parallel") ? [] : toResults(message)))
    else if (without.has("parallel")) made.push(...toSingleCalls(message.content, repaired[i + 1], without))
    else made.push(toReply(message.content, without))
    if (message.role === "user") made.push(...toWords(message))
  }
  return made
}

type UserMessage = Extract<Message, { role: "user" }>

function toResults({ content }: UserMessage): ChatCompletionMessageParam[] {
  return content.flatMap((block): ChatCompletionMessageParam[] =>
    block.type === "tool_result"
      ? [{ role: "tool", tool_call_id: block.toolUseId, content: toOutput(block.output, block.isError) }]
      : [],
  )
}

/** The API has no mark for a call that failed. */
export function toOutput(output: string, isError: boolean): string {
  const text = output === "" ? "(no output)" : output
  return isError && !/^error/i.test(text) ? `Error: ${text}` : text
}

/** Words, and what there is to see: the message of a tool takes text only. */
function toWords({ content }: UserMessage): ChatCompletionMessageParam[] {
  const text = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n\n")
  const parts = content.flatMap((block): ChatCompletionContentPart[] => {
    if (block.type === "media") return [toPart(block)]
    if (block.type !== "tool_result" || !block.media?.length) return []
    return [{ type: "text", text: `Of the call ${block.toolUseId}:` }, ...block.media.map(toPart)]
  })
  if (parts.length > 0)
    return [{ role: "user", content: [...parts, ...(text === "" ? [] : [{ type: "text" as const, text }])] }]
  return text === "" ? [] : [{ role: "user", content: text }]
}

function toPart(media: MediaBlock): ChatCompletionContentPart {
  if (media.mediaType === "application/pdf")
    return { type: "file", file: { filename: "document.pdf", file_data: toDataUrl(media) } }
  return { type: "image_url", image_url: { url: toDataUrl(media) } }
}

function toReply(blocks: readonly Block[], without: ReadonlySet<Extra>): ChatCompletionMessageParam {
  const text = blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n\n")
  const calls = blocks.flatMap((block, i) =>
    block.type === "tool_use" ? [toCall(block, without.has("thoughts") ? undefined : blocks[i - 1])] : [],
  )
  return {
    role: "assistant",
    ...(without.has("thoughts") ? {} : toReasoning(blocks)),
    content: text === "" && calls.length > 0 ? null : text,
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

type ToolUse = Extract<Block, { type: "tool_use" }>

function toCall({ id, name, input }: ToolUse, before: Block | undefined) {
  const extra = extraOf(before)
  return {
    id,
    type: "function" as const,
    function: { name, arguments: JSON.stringify(toInput(input)) },
    ...(extra && { extra_content: extra }),
  }
}

/** What was no JSON goes back as an object: some servers parse the arguments of earlier calls. */
function toInput(input: Record<string, unknown>): Record<string, unknown> {
  return malformedInput in input ? { malformed: textOf(input[malformedInput]) } : input
}

/** For servers whose models know one call a message: each call of a reply with its result, one after the other. */
function toSingleCalls(
  blocks: readonly Block[],
  next: Message | undefined,
  without: ReadonlySet<Extra>,
): ChatCompletionMessageParam[] {
  const calls = blocks.flatMap((block) => (block.type === "tool_use" ? [block] : []))
  const first = calls[0]
  if (!first) return [toReply(blocks, without)]
  const results = next?.role === "user" ? toResults(next) : []
  const resultOf = (id: string) =>
    results.filter((result) => result.role === "tool" && result.tool_call_id === id)
  const words = blocks.filter((block) => block.type !== "tool_use")
  return calls.flatMap((call) => [
    toReply(call === first ? [...words, call] : [call], without),
    ...resultOf(call.id),
  ])
}
