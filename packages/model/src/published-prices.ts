/**
 * What OpenAI's and Google's models cost, where their own lists of models do not tell, at the standard rate and for text.
 * Collected on 2026-11-27. Read on the provider's own pages: gpt-6.2-sol and gpt-6-luna; the others come from copies of
 * the price pages and from resellers. Derived: the cached and written input of gpt-6.2-astra, the long rates of gpt-5.4 and
 * gpt-5.5, and Gemini's cached input as a tenth. A model that is not here has no known price.
 */
import { splitModelId } from "@aura/core"
import type { Price, PriceRow } from "./price.ts"

export type Published = {
  price: PriceRow
  contextWindow?: number
  maxOutput?: number
  /** Until the end of this day the provider charges half of `price`. */
  halfPriceUntil?: string
}

const openaiSize = { contextWindow: 1_050_000, maxOutput: 128_000 }
const geminiSize = { contextWindow: 1_048_576, maxOutput: 65_536 }

/** Past 272,000 tokens of prompt OpenAI charges twice for all input and half as much again for output. */
function openaiRow(price: Price): Published {
  const { input, cacheWrite, cacheRead, output } = price
  const long = {
    input: 2 * input,
    cacheWrite: 2 * cacheWrite,
    cacheRead: 2 * cacheRead,
    output: 1.5 * output,
  }
  return { ...openaiSize, price: { ...price, long: { above: 272_000, ...long } } }
}

/** Google's implicit cache charges a tenth for what it answers, and nothing for writing. */
function geminiPrice(input: number, output: number): Price {
  return { input, cacheWrite: input, cacheRead: Math.round(input * 1e5) / 1e6, output }
}

/** Google's Pro models cost more past 200,000 tokens of prompt. */
function geminiPro(input: number, output: number): Published {
  const long = geminiPrice(2 * input, 1.5 * output)
  return { ...geminiSize, price: { ...geminiPrice(input, output), long: { above: 200_000, ...long } } }
}

const geminiFlash = (input: number, output: number): Published => ({
  ...geminiSize,
  price: geminiPrice(input, output),
})
const halvedFlash: Published = { ...geminiFlash(1.5, 7.5), halfPriceUntil: "2026-12-31" }

const rows: Record<string, Published> = {
  "openai:gpt-6.2-astra": openaiRow({ input: 8, cacheWrite: 10, cacheRead: 0.4, output: 40 }),
  "openai:gpt-6.2-sol": openaiRow({ input: 2, cacheWrite: 2.5, cacheRead: 0.1, output: 10 }),
  "openai:gpt-6.1-terra": openaiRow({ input: 1, cacheWrite: 1.25, cacheRead: 0.05, output: 5 }),
  "openai:gpt-6.1-sol": openaiRow({ input: 2, cacheWrite: 2.5, cacheRead: 0.1, output: 10 }),
  "openai:gpt-6-astra": openaiRow({ input: 10, cacheWrite: 12.5, cacheRead: 1, output: 50 }),
  "openai:gpt-6-sol": openaiRow({ input: 2, cacheWrite: 2.5, cacheRead: 0.2, output: 10 }),
  "openai:gpt-6-luna": openaiRow({ input: 0.1, cacheWrite: 0.125, cacheRead: 0.01, output: 0.5 }),
  "openai:gpt-5.5": openaiRow({ input: 5, cacheWrite: 5, cacheRead: 0.5, output: 30 }),
  "openai:gpt-5.4": openaiRow({ input: 2.5, cacheWrite: 2.5, cacheRead: 0.25, output: 15 }),
  "openai:gpt-5.4-mini": { price: { input: 0.75, cacheWrite: 0.75, cacheRead: 0.075, output: 4.5 } },
  "openai:gpt-5.4-nano": { price: { input: 0.2, cacheWrite: 0.2, cacheRead: 0.02, output: 1.25 } },
  "gemini:gemini-3.8-flash": halvedFlash,
  "gemini:gemini-3.7-flash": halvedFlash,
  "gemini:gemini-3.6-flash": halvedFlash,
  "gemini:gemini-3.5-flash": geminiFlash(1.5, 9),
  "gemini:gemini-3.5-flash-lite": geminiFlash(0.3, 2.5),
  "gemini:gemini-3.1-pro": geminiPro(2, 12),
  "gemini:gemini-3.1-flash-lite": geminiFlash(0.25, 1.5),
  "gemini:gemini-2.5-pro": geminiPro(1.25, 10),
  "gemini:gemini-2.5-flash": geminiFlash(0.3, 2.5),
  "gemini:gemini-2.5-flash-lite": geminiFlash(0.1, 0.4),
}

/** With or without the date of a version: `openai:gpt-6.1-sol-2026-08-12`, `gemini:gemini-3.1-pro-preview`. */
export function findPublished(id: string): Published | undefined {
  const { provider, name } = splitModelId(id.toLowerCase())
  const plain = name
    .replace(/^models\//, "")
    .replace(/-\d{4}-\d\d-\d\d$/, "")
    .replace(/-preview(-\d\d-\d{2,4})?$/, "")
  return rows[`${provider}:${plain}`]
}
