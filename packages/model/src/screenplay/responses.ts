/** The Responses API in front of a screenplay: requests are judged as OpenAI judges them, replies come as events. */
import { isObject, type Json, listOf, objectOf, parseObject, textOf } from "../json.ts"
import type { Cut, Dialect } from "./dialect.ts"
import { isBearer, listScripted, markEnd, pieces, toMedia } from "./pieces.ts"
import { encrypt, judgeResponses } from "./responses-validate.ts"

export const responsesApi: Dialect = {
  modelsPath: "/v1/models",
  hasKey: isBearer,
  take: (path, body) => (path === "/v1/responses" ? body : undefined),
  read(body, _, contextWindow) {
    const request = parseObject(body)
    if (!request) return { violation: "We could not parse the JSON body of your request." }
    const verdict = judgeResponses(request, contextWindow)
    return "violation" in verdict ? verdict : { request: toMessagesRequest(request), ...verdict }
  },
  toBody: (message) => toResponse(message, toItems(message, false)),
  toEvents,
  toFrame: (event) => {
    const sent = isObject(event.error) && event.type === undefined ? { type: "error", ...event.error } : event
    return `event: ${textOf(sent.type)}\ndata: ${JSON.stringify(sent)}\n\n`
  },
  ending: "",
  toError: (type, message, status) => ({
    error: { message, type, param: null, code: codeOf(type, message, status) },
  }),
  models: listScripted,
}

function codeOf(type: string, message: string, status: number): string | null {
  if (/context window|too long/.test(message)) return "context_length_exceeded"
  if (status === 429) return "rate_limit_exceeded"
  // In the middle of a stream nothing but the code says what happened.
  return status === 401 ? "invalid_api_key" : status >= 500 ? "server_error" : type
}

/** So that scenes are found the same way for every API. */
function toMessagesRequest({ model, stream, input, instructions, tools, max_output_tokens }: Json): Json {
  const made: { role: string; content: Json[] }[] = []
  for (const item of listOf(input)) {
    const { role, blocks } = toBlocks(item)
    const last = made.at(-1)
    if (last?.role === role) last.content.push(...blocks)
    else made.push({ role, content: blocks })
  }
  markEnd(made)
  return {
    model,
    stream,
    max_tokens: max_output_tokens,
    system: textOf(instructions),
    tools: listOf(tools).map(({ name }) => ({ name })),
    messages: made,
  }
}

function toBlocks(item: Json): { role: string; blocks: Json[] } {
  switch (item.type) {
    case "reasoning":
      return { role: "assistant", blocks: [] }
    case "function_call": {
      const input = parseObject(textOf(item.arguments)) ?? {}
      return { role: "assistant", blocks: [{ type: "tool_use", id: item.call_id, name: item.name, input }] }
    }
    case "function_call_output":
      return {
        role: "user",
        blocks: [
          {
            type: "tool_result",
            tool_use_id: item.call_id,
            content: typeof item.output === "string" ? item.output : listOf(item.output).map(toPart),
          },
        ],
      }
    default:
      return {
        role: textOf(item.role),
        blocks:
          typeof item.content === "string"
            ? [{ type: "text", text: item.content }]
            : listOf(item.content).map(toPart),
      }
  }
}

function toPart({ type, text, image_url, file_data }: Json): Json {
  return type === "input_text" ? { type: "text", text } : toMedia(textOf(image_url) || textOf(file_data))
}

function toItems({ id, content, stop_reason }: Json, isMalformed: boolean): Json[] {
  return listOf(content).map((block, i): Json => {
    switch (block.type) {
      case "thinking": {
        const text = textOf(block.thinking)
        return {
          type: "reasoning",
          id: `rs_${textOf(id)}${i}`,
          summary: [{ type: "summary_text", text }],
          encrypted_content: encrypt(text),
        }
      }
      case "tool_use": {
        const json = JSON.stringify(block.input)
        return {
          type: "function_call",
          id: `fc_${textOf(block.id)}`,
          call_id: block.id,
          name: block.name,
          arguments: isMalformed ? json.slice(0, -1) : json,
          status: "completed",
        }
      }
      default:
        return {
          type: "message",
          id: `msg_${textOf(id)}${i}`,
          role: "assistant",
          status: "completed",
          phase: stop_reason === "end_turn" ? "final_answer" : "commentary",
          content: [
            stop_reason === "refusal"
              ? { type: "refusal", refusal: block.text }
              : { type: "output_text", text: block.text, annotations: [] },
          ],
        }
    }
  })
}

const incomplete: Record<string, string> = {
  max_tokens: "max_output_tokens",
  model_context_window_exceeded: "max_output_tokens",
  refusal: "content_filter",
}

function toResponse({ id, model, usage, stop_reason }: Json, output: Json[]): Json {
  const of = objectOf(usage)
  const [read, written] = [Number(of.cache_read_input_tokens), Number(of.cache_creation_input_tokens)]
  const prompt = Number(of.input_tokens) + written + read
  const spoken = Number(of.output_tokens)
  const reason = incomplete[textOf(stop_reason)]
  return {
    id: `resp_${textOf(id)}`,
    object: "response",
    created_at: 0,
    model,
    status: reason ? "incomplete" : "completed",
    error: null,
    incomplete_details: reason ? { reason } : null,
    output,
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: read, cache_write_tokens: 0 },
      output_tokens: spoken,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: prompt + spoken,
    },
  }
}

/** The events that stream this message. The item that is only begun holds nothing yet. */
function toEvents(message: Json, { pieceChars, isMalformed }: Cut): Json[] {
  const items = toItems(message, isMalformed)
  const response = toResponse(message, items)
  const begun = { ...response, status: "in_progress", output: [], usage: null, incomplete_details: null }
  const events: Json[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...items.flatMap((item, output_index) => toItemEvents(item, output_index, pieceChars)),
    { type: response.status === "incomplete" ? "response.incomplete" : "response.completed", response },
  ]
  return events.map((event, sequence_number) => ({ ...event, sequence_number }))
}

function toItemEvents(item: Json, output_index: number, pieceChars: number): Json[] {
  const of = { output_index, item_id: item.id }
  const wrap = (start: Json, deltas: Json[]) => [
    { type: "response.output_item.added", output_index, item: { ...item, ...start } },
    ...deltas,
    { type: "response.output_item.done", output_index, item },
  ]
  switch (item.type) {
    case "reasoning": {
      const text = textOf(listOf(item.summary)[0]?.text)
      return wrap({ summary: [], encrypted_content: "partial" }, [
        { type: "response.reasoning_summary_part.added", ...of, summary_index: 0 },
        ...pieces(text, pieceChars).map((delta) => ({
          type: "response.reasoning_summary_text.delta",
          ...of,
          summary_index: 0,
          delta,
        })),
      ])
    }
    case "function_call":
      return wrap(
        { arguments: "", status: "in_progress" },
        pieces(textOf(item.arguments), pieceChars).map((delta) => ({
          type: "response.function_call_arguments.delta",
          ...of,
          delta,
        })),
      )
    default: {
      const part = listOf(item.content)[0]
      const isRefusal = part?.type === "refusal"
      return wrap(
        { content: [], status: "in_progress" },
        pieces(textOf(part?.text) || textOf(part?.refusal), pieceChars).map((delta) => ({
          type: isRefusal ? "response.refusal.delta" : "response.output_text.delta",
          ...of,
          content_index: 0,
          delta,
        })),
      )
    }
  }
}
