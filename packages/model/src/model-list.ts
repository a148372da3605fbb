/** Reads `GET /v1/models`: Anthropic's own list, and what gateways and local servers say in theirs. */
import { type Effort, efforts, joinModelId, type ProviderId, type Sight, type ThinkingForm } from "@aura/core"
import type { ListedFacts } from "./catalog.ts"
import { isObject, type Json, objectOf, parseObject, textOf } from "./json.ts"
import type { PriceRow } from "./price.ts"

/** By id, as people enter it; undefined where this is no list of models. */
export function readModelList(
  text: string,
  provider: ProviderId = "anthropic",
): ReadonlyMap<string, ListedFacts> | undefined {
  const body = parseObject(text)
  const rows = Array.isArray(body?.data) ? body.data : Array.isArray(body?.models) ? body.models : undefined
  if (!rows) return undefined
  const listed = new Map<string, ListedFacts>()
  for (const row of rows.filter(isObject)) {
    const id = textOf(row.id) || textOf(row.name)
    // Gemini puts the collection in front.
    if (id !== "") listed.set(joinModelId(provider, id.replace(/^models\//, "")), readRow(row))
  }
  return listed
}

function readRow(row: Json): ListedFacts {
  const capabilities = objectOf(row.capabilities)
  const top = objectOf(row.top_provider)
  const retires = textOf(row.retires_at)
  return {
    // Anthropic; OpenRouter; vLLM; LM Studio; llama.cpp.
    contextWindow: firstCount(
      row.max_input_tokens,
      top.context_length,
      row.context_length,
      row.inputTokenLimit,
      row.max_model_len,
      row.max_context_length,
      objectOf(row.meta).n_ctx,
    ),
    maxOutput: firstCount(row.max_tokens, top.max_completion_tokens, row.outputTokenLimit),
    thinking: readThinking(capabilities),
    efforts: readEfforts(capabilities),
    sees: readSights(capabilities, objectOf(row.architecture)),
    price: readPrice(objectOf(row.pricing)),
    endOfLife: /^\d{4}-\d\d-\d\d/.exec(retires)?.[0],
  }
}

function firstCount(...values: unknown[]): number | undefined {
  return values.find(
    (value): value is number => typeof value === "number" && Number.isInteger(value) && value > 0,
  )
}

const isSupported = (value: unknown): boolean => objectOf(value).supported === true

function readThinking({ thinking }: Json): ThinkingForm | undefined {
  if (!isObject(thinking)) return undefined
  const types = objectOf(thinking.types)
  if (isSupported(types.adaptive)) return "adaptive"
  return isSupported(types.enabled) ? "budget" : "none"
}

function readEfforts({ effort }: Json): Effort[] | undefined {
  if (!isObject(effort)) return undefined
  return isSupported(effort) ? efforts.filter((level) => isSupported(effort[level])) : []
}

/** Anthropic's `image_input` and `pdf_input`; OpenRouter's `input_modalities`. */
function readSights({ image_input, pdf_input }: Json, { input_modalities }: Json): Sight[] | undefined {
  if (isObject(image_input) || isObject(pdf_input))
    return [
      ...(isSupported(image_input) ? ["image" as const] : []),
      ...(isSupported(pdf_input) ? ["pdf" as const] : []),
    ]
  if (!Array.isArray(input_modalities)) return undefined
  return [
    ...(input_modalities.includes("image") ? ["image" as const] : []),
    ...(input_modalities.includes("file") ? ["pdf" as const] : []),
  ]
}

/** OpenRouter's prices: USD for one token, as text. */
function readPrice(pricing: Json): PriceRow | undefined {
  const million = (value: unknown) => {
    const usd = Number(value ?? Number.NaN) * 1e6
    return Number.isFinite(usd) && usd >= 0 ? Math.round(usd * 1e6) / 1e6 : undefined
  }
  const input = million(pricing.prompt)
  const output = million(pricing.completion)
  if (input === undefined || output === undefined) return undefined
  return {
    input,
    output,
    cacheRead: million(pricing.input_cache_read) ?? input,
    cacheWrite: million(pricing.input_cache_write) ?? input,
  }
}
