/** Gemini's own API in front of a screenplay: requests are judged as it judges them, replies come as chunks. */
import { isObject, type Json, listOf, objectOf, parseObject, textOf } from "../json.ts"
import type { Cut, Dialect } from "./dialect.ts"
import { judgeGemini, signPart } from "./gemini-validate.ts"
import { pieces, toMedia } from "./pieces.ts"

const path = /^\/v1beta\/models\/([\w.-]+):(streamGenerateContent|generateContent)$/

export const geminiApi: Dialect = {
  modelsPath: "/v1beta/models",
  hasKey: (headers) => headers["x-goog-api-key"] !== undefined,
  // The model, and whether it streams, stand in the address.
  take(address, body) {
    const found = path.exec(address)
    if (!found) return undefined
    const request = parseObject(body)
    return request
      ? JSON.stringify({ ...request, model: found[1], stream: found[2] === "streamGenerateContent" })
      : body
  },
  read(body, _, contextWindow) {
    const request = parseObject(body)
    if (!request) return { violation: "Invalid JSON payload received." }
    const verdict = judgeGemini(request, contextWindow)
    return "violation" in verdict ? verdict : { request: toMessagesRequest(request), ...verdict }
  },
  toBody: (message) => toChunk(message, toParts(message, false), true),
  toEvents,
  toFrame: (event) => `data: ${JSON.stringify(event)}\r\n\r\n`,
  ending: "",
  toError: (type, message, status) => ({ error: { code: status, message, status: statusOf(type, status) } }),
  models: () => ({
    models: [
      {
        name: "models/scripted",
        inputTokenLimit: 200_000,
        outputTokenLimit: 32_000,
        supportedGenerationMethods: ["generateContent"],
      },
    ],
  }),
}

function statusOf(type: string, status: number): string {
  if (status === 429) return "RESOURCE_EXHAUSTED"
  if (status >= 500) return status === 500 ? "INTERNAL" : "UNAVAILABLE"
  return type === "not_found_error" ? "NOT_FOUND" : "INVALID_ARGUMENT"
}

/** So that scenes are found the same way for every API. The end of the prompt is marked: Gemini caches by itself. */
function toMessagesRequest({
  model,
  stream,
  contents,
  systemInstruction,
  tools,
  generationConfig,
}: Json): Json {
  const messages = listOf(contents).map(({ role, parts }) => ({
    role: role === "model" ? "assistant" : "user",
    content: listOf(parts).flatMap(toBlocks),
  }))
  const end = messages.at(-1)?.content.at(-1)
  if (end) end.cache_control = { type: "ephemeral" }
  return {
    model,
    stream,
    max_tokens: objectOf(generationConfig).maxOutputTokens,
    system: listOf(objectOf(systemInstruction).parts)
      .map(({ text }) => textOf(text))
      .join("\n"),
    tools: listOf(tools).flatMap(({ functionDeclarations }) =>
      listOf(functionDeclarations).map(({ name }) => ({ name })),
    ),
    messages,
  }
}

function toBlocks({ text, inlineData, functionCall, functionResponse }: Json): Json[] {
  if (isObject(functionCall)) {
    const { id, name, args } = functionCall
    return [{ type: "tool_use", id, name, input: objectOf(args) }]
  }
  if (isObject(functionResponse)) {
    const { output, error } = objectOf(functionResponse.response)
    const shown = listOf(functionResponse.parts).flatMap(toBlocks)
    const words = { type: "text", text: textOf(output) || textOf(error) }
    return [{ type: "tool_result", tool_use_id: functionResponse.id, content: [words, ...shown] }]
  }
  return isObject(inlineData) ? [toMedia(textOf(inlineData.data))] : [{ type: "text", text: textOf(text) }]
}

/** The first call of a reply is signed, or else the last part. */
function toParts({ content }: Json, isMalformed: boolean): Json[] {
  const blocks = listOf(content).filter(({ type }) => !(isMalformed && type === "tool_use"))
  const first = blocks.findIndex(({ type }) => type === "tool_use")
  const signed = first >= 0 ? first : blocks.findLastIndex(({ type }) => type === "text")
  return blocks.map((block, i) => {
    if (block.type === "thinking") return { text: block.thinking, thought: true }
    const part =
      block.type === "tool_use"
        ? { functionCall: { id: block.id, name: block.name, args: block.input } }
        : { text: block.text }
    return i === signed ? { ...part, thoughtSignature: signPart(part) } : part
  })
}

const reasons: Record<string, string> = {
  max_tokens: "MAX_TOKENS",
  model_context_window_exceeded: "MAX_TOKENS",
  refusal: "SAFETY",
}

function toChunk(
  { id, model, usage, stop_reason }: Json,
  parts: Json[],
  isLast: boolean,
  reason?: string,
): Json {
  const of = objectOf(usage)
  const read = Number(of.cache_read_input_tokens)
  const prompt = Number(of.input_tokens) + Number(of.cache_creation_input_tokens) + read
  const spoken = Number(of.output_tokens)
  const finishReason = reason ?? reasons[textOf(stop_reason)] ?? "STOP"
  return {
    candidates: [
      {
        index: 0,
        content: { role: "model", ...(parts.length > 0 && { parts }) },
        ...(isLast && { finishReason }),
        ...(isLast &&
          finishReason.startsWith("MALFORMED") && { finishMessage: "Malformed function call: look(" }),
      },
    ],
    modelVersion: model,
    responseId: id,
    usageMetadata: {
      promptTokenCount: prompt,
      ...(read > 0 && { cachedContentTokenCount: read }),
      ...(isLast && { candidatesTokenCount: spoken, totalTokenCount: prompt + spoken }),
    },
  }
}

/** The chunks that stream this message: texts in pieces, calls as a whole, a signature of words behind them. */
function toEvents(message: Json, { pieceChars, isMalformed }: Cut): Json[] {
  const isCut = isMalformed && message.stop_reason !== "max_tokens"
  const cut = toParts(message, isMalformed).flatMap((part): Json[] => {
    if (part.functionCall) return [part]
    const { text, thoughtSignature, ...rest } = part
    const all: Json[] = pieces(textOf(text), pieceChars).map((piece) => ({ text: piece, ...rest }))
    return thoughtSignature ? [...all, { text: "", thoughtSignature }] : all
  })
  return [
    // Nothing yet, but a sign of life.
    toChunk(message, [], false),
    ...cut.map((part) => toChunk(message, [part], false)),
    toChunk(message, [], true, isCut ? "MALFORMED_FUNCTION_CALL" : undefined),
  ]
}
