/**
 * A request to Gemini's own API. Read on 2026-11-27: ai.google.dev (function calling, thought signatures, thinking, image
 * understanding) and the types of the official SDK 3.1.0, which is not installed: four packages more, for types alone.
 */
import { type Block, type MediaType, splitModelId } from "@aura/core"
import { isObject, type Json, objectOf, parseObject, textOf, toJson } from "../json.ts"
import { malformedInput } from "../malformed.ts"
import { fitMedia } from "../media.ts"
import type { MediaBlock, Message, ModelRequest, ToolResult } from "../model.ts"
import { type Encoding, estimate, longestReply } from "../openai/chat-request.ts"
import { extraOf } from "../openai/reasoning.ts"
import { repairMessages } from "../repair.ts"

type FunctionCall = { id: string; name: string; args: Json }
type InlineData = { inlineData: { mimeType: MediaType; data: string } }
type FunctionResponse = { id: string; name: string; response: Json; parts?: InlineData[] }
type Part = (
  | { text: string }
  | InlineData
  | { functionCall: FunctionCall }
  | { functionResponse: FunctionResponse }
) & {
  thoughtSignature?: string
}
type Content = { role: "user" | "model"; parts: Part[] }

/** Stands for the signature of a call that another model made. */
export const noSignature = "skip_thought_signature_validator"

/** It reads no GIFs. */
const takes = (mediaType: MediaType) => mediaType !== "image/gif"

export function encodeGemini(request: ModelRequest, encoding: Encoding): string {
  const { facts, without } = encoding
  const sees = without.has("media") ? [] : facts.sees
  const messages = repairMessages(fitMedia(request.messages, sees, takes))
  const isNew = !isOld(request.model)
  const contents = toContents(messages, { isNew, takesThoughts: !without.has("thoughts") })
  const declarations = request.tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    parametersJsonSchema: inputSchema,
  }))
  const thinkingConfig = without.has("effort") ? undefined : toThinking(request)
  return toJson({
    ...(request.system !== "" && { systemInstruction: { parts: [{ text: request.system }] } }),
    contents,
    ...(declarations.length > 0 && { tools: [{ functionDeclarations: declarations }] }),
    generationConfig: {
      maxOutputTokens: longestReply(request, facts, estimate([request.system, contents, declarations])),
      ...(thinkingConfig && { thinkingConfig }),
    },
  })
}

export function pathOf(model: string): string {
  return `/models/${encodeURIComponent(splitModelId(model).name)}:streamGenerateContent?alt=sse`
}

const isOld = (model: string) => /gemini-(1|2)[.-]/i.test(model)

const levels = { low: "LOW", medium: "MEDIUM", high: "HIGH", xhigh: "HIGH", max: "HIGH" } as const
/** The most that all models with a budget take. */
const budgets = { low: 2_048, medium: 8_192, high: 16_384, xhigh: 24_576, max: 24_576 } as const

function toThinking({ model, effort }: ModelRequest): object | undefined {
  if (/gemini-(1|2\.0)/i.test(model)) return undefined
  if (isOld(model)) return { includeThoughts: true, ...(effort && { thinkingBudget: budgets[effort] }) }
  return { includeThoughts: true, ...(effort && { thinkingLevel: levels[effort] }) }
}

type How = {
  /** It checks signatures, and sees what stands in the answer of a call. */
  isNew: boolean
  takesThoughts: boolean
}

function toContents(messages: readonly Message[], how: How): Content[] {
  let names = new Map<string, string>()
  return messages.map((message): Content => {
    if (message.role === "assistant") {
      names = new Map(
        message.content.flatMap((block) => (block.type === "tool_use" ? [[block.id, block.name]] : [])),
      )
      return { role: "model", parts: toReply(message.content, how) }
    }
    const responses = message.content.flatMap((block) =>
      block.type === "tool_result" ? toResponse(block, names.get(block.toolUseId) ?? "", how) : [],
    )
    const others = message.content.flatMap((block): Part[] => {
      if (block.type === "text") return [{ text: block.text }]
      if (block.type === "media") return [toInline(block)]
      return how.isNew ? [] : (block.media ?? []).map(toInline)
    })
    return { role: "user", parts: [...responses, ...others] }
  })
}

function toResponse({ toolUseId, output, isError, media = [] }: ToolResult, name: string, how: How): Part[] {
  const shown = how.isNew && media.length > 0 ? { parts: media.map(toInline) } : {}
  const response = isError ? { error: output } : { output }
  return [{ functionResponse: { id: toolUseId, name, response, ...shown } }]
}

function toInline({ mediaType, data }: MediaBlock): InlineData {
  return { inlineData: { mimeType: mediaType, data } }
}

/** Of thoughts only the signatures go back, with the part they came with. */
function toReply(blocks: readonly Block[], { isNew, takesThoughts }: How): Part[] {
  let isFirst = true
  return blocks.flatMap((block, i): Part[] => {
    const known = takesThoughts ? signatureOf(blocks[i - 1]) : undefined
    if (block.type === "text") return [{ text: block.text, ...(known && { thoughtSignature: known }) }]
    if (block.type !== "tool_use") return []
    const { id, name, input } = block
    const args = malformedInput in input ? { malformed: textOf(input[malformedInput]) } : input
    const signature = known ?? (isNew && isFirst ? noSignature : undefined)
    isFirst = false
    return [{ functionCall: { id, name, args }, ...(signature && { thoughtSignature: signature }) }]
  })
}

/** A thought without words, in front of the part it came with. */
export function thoughtOfSignature(signature: string): Block {
  return { type: "thinking", thinking: "", signature: JSON.stringify({ thought_signature: signature }) }
}

/** Also as the compatible API gave it. */
function signatureOf(before: Block | undefined): string | undefined {
  if (before?.type !== "thinking" || before.thinking !== "") return undefined
  const own = textOf(parseObject(before.signature)?.thought_signature)
  const extra = extraOf(before)
  const other = isObject(extra) ? textOf(objectOf(extra.google).thought_signature) : ""
  return own || other || undefined
}
