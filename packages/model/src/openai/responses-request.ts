/**
 * A request to OpenAI's Responses API, which keeps nothing between requests: thoughts come back encrypted and go with the
 * next request as they came. Read on 2026-11-27: the types of the official SDK 7.57.0, and what fails in its issues.
 */
import { createHash } from "node:crypto"
import { type Block, type Sight, splitModelId } from "@aura/core"
import type {
  ResponseCreateParamsStreaming,
  ResponseInputFile,
  ResponseInputImage,
  ResponseInputItem,
  ResponseInputText,
} from "openai/resources/responses/responses"
import { clampEffort } from "../catalog.ts"
import { isObject, parseObject, textOf, toJson } from "../json.ts"
import { malformedInput } from "../malformed.ts"
import { fitMedia, toDataUrl } from "../media.ts"
import type { MediaBlock, Message, ModelRequest } from "../model.ts"
import { repairMessages } from "../repair.ts"
import { type Encoding, estimate, longestReply, toOutput } from "./chat-request.ts"

const usualEfforts = ["low", "medium", "high", "xhigh"] as const

export function encodeResponses(request: ModelRequest, encoding: Encoding): string {
  const { facts, without } = encoding
  const input = toItems(request, without.has("media") ? [] : facts.sees, !without.has("thoughts"))
  const tools = request.tools.map(({ name, description, inputSchema }) => ({
    type: "function" as const,
    name,
    description,
    parameters: inputSchema,
    strict: false,
  }))
  const body: ResponseCreateParamsStreaming = {
    model: splitModelId(request.model).name,
    ...(request.system !== "" && { instructions: request.system }),
    input,
    stream: true,
    store: false,
    max_output_tokens: longestReply(request, facts, estimate([request.system, input, tools])),
    ...(tools.length > 0 && { tools }),
    ...(tools.length > 0 && without.has("parallel") && { parallel_tool_calls: false }),
    ...(!without.has("thoughts") && { include: ["reasoning.encrypted_content"] }),
    ...(!without.has("cache") && { prompt_cache_key: toCacheKey(request) }),
  }
  return toJson({ ...body, ...toReasoning(request, encoding) })
}

function toReasoning({ effort, model }: ModelRequest, { facts, without }: Encoding): object {
  if (without.has("effort") || !reasons(splitModelId(model).name)) return {}
  const level = effort && clampEffort(effort, facts.efforts.length > 0 ? facts.efforts : usualEfforts)
  return {
    reasoning: {
      ...(level && { effort: level }),
      ...(!without.has("summary") && { summary: "auto" }),
    },
  }
}

/** By the name: older models refuse to be asked how hard they think. */
function reasons(model: string): boolean {
  return !/^(gpt-(3|4)|chatgpt-4|.*-chat-latest)/i.test(model)
}

/** The same for all of a session, so that its requests meet the same cache. */
function toCacheKey({ system, messages }: ModelRequest): string {
  const first = messages[0]?.content.find((block) => block.type === "text")
  return createHash("sha256")
    .update(`${system}\n${first?.type === "text" ? first.text : ""}`)
    .digest("hex")
    .slice(0, 32)
}

function toItems(
  { messages }: ModelRequest,
  sees: readonly Sight[],
  takesThoughts: boolean,
): ResponseInputItem[] {
  return repairMessages(fitMedia(messages, sees)).flatMap((message) =>
    message.role === "user" ? toUser(message) : toReply(message.content, takesThoughts),
  )
}

function toUser({ content }: Extract<Message, { role: "user" }>): ResponseInputItem[] {
  const results = content.flatMap((block): ResponseInputItem[] => {
    if (block.type !== "tool_result") return []
    const text = toOutput(block.output, block.isError)
    const media = block.media ?? []
    const output = media.length > 0 ? [{ type: "input_text" as const, text }, ...media.map(toPart)] : text
    return [{ type: "function_call_output", call_id: block.toolUseId, output }]
  })
  const parts = content.flatMap((block): (ResponseInputText | Media)[] => {
    if (block.type === "text") return [{ type: "input_text", text: block.text }]
    return block.type === "media" ? [toPart(block)] : []
  })
  return parts.length > 0 ? [...results, { role: "user", content: parts }] : results
}

type Media = ResponseInputImage | ResponseInputFile

function toPart(media: MediaBlock): Media {
  if (media.mediaType === "application/pdf")
    return { type: "input_file", filename: "document.pdf", file_data: toDataUrl(media) }
  return { type: "input_image", image_url: toDataUrl(media), detail: "auto" }
}

function toReply(blocks: readonly Block[], takesThoughts: boolean): ResponseInputItem[] {
  return blocks.flatMap((block, i): ResponseInputItem[] => {
    switch (block.type) {
      case "text": {
        const phase = phaseOf(blocks[i - 1])
        return [{ role: "assistant", content: block.text, ...(phase && { phase }) }]
      }
      case "tool_use":
        return [
          { type: "function_call", call_id: block.id, name: block.name, arguments: toArguments(block.input) },
        ]
      case "thinking": {
        const item = takesThoughts ? itemOf(block.signature) : undefined
        return item ? [item] : []
      }
      default:
        return []
    }
  })
}

function toArguments(input: Record<string, unknown>): string {
  return JSON.stringify(malformedInput in input ? { malformed: textOf(input[malformedInput]) } : input)
}

/** What stands in a signature: the thought as it has to go back. */
type Kept = { reasoning_item?: { id: string; summary: string[]; encrypted_content: string }; phase?: string }

/** A thought to be sent back; without its encrypted content nobody could read it. */
export function thoughtOfItem(id: string, summary: string[], encrypted: string): Block[] {
  const thinking = summary.join("\n\n")
  if (encrypted === "") return []
  const kept: Kept = { reasoning_item: { id, summary, encrypted_content: encrypted } }
  return [{ type: "thinking", thinking, signature: JSON.stringify(kept) }]
}

/** Newer models say of a text whether it is the answer, and want that back: it stands in a thought without words in front. */
export function thoughtOfPhase(phase: string): Block[] {
  const kept: Kept = { phase }
  return phase === "" ? [] : [{ type: "thinking", thinking: "", signature: JSON.stringify(kept) }]
}

function itemOf(signature: string): ResponseInputItem | undefined {
  const item = parseObject(signature)?.reasoning_item
  if (!isObject(item)) return undefined
  const summary = Array.isArray(item.summary) ? item.summary.map(textOf) : []
  return {
    type: "reasoning",
    id: textOf(item.id),
    summary: summary.map((text) => ({ type: "summary_text", text })),
    encrypted_content: textOf(item.encrypted_content),
  }
}

function phaseOf(before: Block | undefined): "commentary" | "final_answer" | undefined {
  if (before?.type !== "thinking" || before.thinking !== "") return undefined
  const phase = parseObject(before.signature)?.phase
  return phase === "commentary" || phase === "final_answer" ? phase : undefined
}
