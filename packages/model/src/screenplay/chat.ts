/** Chat Completions in front of a screenplay: requests are judged as OpenAI judges them, replies come as chunks. */
import { type Json, listOf, objectOf, parseObject, textOf } from "../json.ts"
import { findChatViolation, sealReasoning } from "./chat-validate.ts"
import type { Cut, Dialect } from "./dialect.ts"
import { isBearer, listScripted, markEnd, pieces, toMedia } from "./pieces.ts"

export const chatCompletions: Dialect = {
  modelsPath: "/v1/models",
  hasKey: isBearer,
  take: (path, body) => (path === "/v1/chat/completions" ? body : undefined),
  read(body, _, contextWindow) {
    const request = parseObject(body)
    if (!request) return { violation: "We could not parse the JSON body of your request." }
    const violation = findChatViolation(request, contextWindow)
    return violation === undefined
      ? { request: toMessagesRequest(request), thoughts: { kept: 0, dropped: 0 } }
      : { violation }
  },
  toBody: (message) => ({
    ...toHead(message, "chat.completion"),
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: textIn(message) || null,
          ...(callsIn(message).length > 0 && { tool_calls: callsIn(message).map(toCall) }),
        },
        finish_reason: toReason(message),
      },
    ],
    usage: toUsage(message),
  }),
  toEvents: toChunks,
  toFrame: (event) =>
    event.comment ? `: ${textOf(event.comment)}\n\n` : `data: ${JSON.stringify(event)}\n\n`,
  ending: "data: [DONE]\n\n",
  toError: (type, message, status) => ({
    error: { message, type, param: null, code: codeOf(type, message, status) },
  }),
  models: listScripted,
}

function codeOf(type: string, message: string, status: number): string | null {
  if (/maximum context length|too long/.test(message)) return "context_length_exceeded"
  if (status === 429) return "rate_limit_exceeded"
  return status === 401 ? "invalid_api_key" : type === "insufficient_quota" ? type : null
}

/** So that scenes are found the same way for every API. */
function toMessagesRequest({ model, stream, messages, tools, ...rest }: Json): Json {
  const all = listOf(messages)
  const system = all.flatMap(({ role, content }) => (role === "system" ? [textOf(content)] : []))
  const made: { role: string; content: Json[] }[] = []
  for (const { role, content, tool_calls, tool_call_id } of all) {
    if (role === "system") continue
    const blocks: Json[] =
      role === "tool"
        ? [{ type: "tool_result", tool_use_id: tool_call_id, content }]
        : [
            ...(textOf(content) === "" ? [] : [{ type: "text", text: content }]),
            ...listOf(content).flatMap((part) => (part.type === "text" ? [part] : [toMedia(urlOf(part))])),
            ...listOf(tool_calls).map(({ id, function: called }) => ({
              type: "tool_use",
              id,
              name: objectOf(called).name,
              input: parseObject(textOf(objectOf(called).arguments)) ?? {},
            })),
          ]
    const side = role === "assistant" ? "assistant" : "user"
    const last = made.at(-1)
    if (last?.role === side && side === "user") last.content.push(...blocks)
    else made.push({ role: side, content: blocks })
  }
  markEnd(made)
  return {
    model,
    stream,
    max_tokens: rest.max_completion_tokens ?? rest.max_tokens,
    system: system.join("\n"),
    tools: listOf(tools).map((tool) => ({ name: objectOf(tool.function).name })),
    messages: made,
  }
}

function urlOf({ image_url, file }: Json): string {
  return textOf(objectOf(image_url).url) || textOf(objectOf(file).file_data)
}

const blocksOf = ({ content }: Json) => listOf(content)
const callsIn = (message: Json) => blocksOf(message).filter(({ type }) => type === "tool_use")
const textIn = (message: Json) =>
  blocksOf(message)
    .filter(({ type }) => type === "text")
    .map(({ text }) => textOf(text))
    .join("")

function toCall({ id, name, input }: Json): Json {
  return { id, type: "function", function: { name, arguments: JSON.stringify(input) } }
}

const reasons: Record<string, string> = {
  tool_use: "tool_calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "content_filter",
}

function toReason({ stop_reason }: Json): string {
  return reasons[textOf(stop_reason)] ?? "stop"
}

function toUsage({ usage }: Json): Json {
  const of = objectOf(usage)
  const read = Number(of.cache_read_input_tokens)
  const prompt = Number(of.input_tokens) + Number(of.cache_creation_input_tokens) + read
  const spoken = Number(of.output_tokens)
  return {
    prompt_tokens: prompt,
    completion_tokens: spoken,
    total_tokens: prompt + spoken,
    prompt_tokens_details: { cached_tokens: read },
    completion_tokens_details: { reasoning_tokens: 0 },
  }
}

function toHead({ id, model }: Json, object: string): Json {
  return { id: `chatcmpl-${textOf(id)}`, object, created: 0, model }
}

/** The chunks that stream this message, with a comment as OpenRouter sends it while nothing comes. */
function toChunks(message: Json, { pieceChars, isMalformed }: Cut): Json[] {
  const head = toHead(message, "chat.completion.chunk")
  const chunk = (delta: Json, finish_reason: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason }],
  })
  const cut = (text: string) => pieces(text, pieceChars)
  const calls = callsIn(message)
  const toDeltas = (block: Json): Json[] => {
    if (block.type === "text") return cut(textOf(block.text)).map((content) => ({ content }))
    if (block.type === "thinking") {
      const text = textOf(block.thinking)
      const detail = { type: "reasoning.text", index: 0, format: "unknown" }
      return [
        ...cut(text).map((piece) => ({
          reasoning: piece,
          reasoning_details: [{ ...detail, text: piece, signature: null }],
        })),
        { reasoning_details: [{ ...detail, text: "", signature: sealReasoning(text) }] },
      ]
    }
    const index = calls.indexOf(block)
    const json = JSON.stringify(block.input)
    const start = { index, id: block.id, type: "function", function: { name: block.name, arguments: "" } }
    return [
      { tool_calls: [start] },
      ...cut(isMalformed ? json.slice(0, -1) : json).map((piece) => ({
        tool_calls: [{ index, function: { arguments: piece } }],
      })),
    ]
  }
  return [
    chunk({ role: "assistant", content: "" }),
    { comment: "OPENROUTER PROCESSING" },
    ...blocksOf(message).flatMap((block) => toDeltas(block).map((delta) => chunk(delta))),
    chunk({}, toReason(message)),
    { ...head, choices: [], usage: toUsage(message) },
  ]
}
