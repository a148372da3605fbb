/** Tokens by class and their price: the unit every cost in Aura is counted in. */
import { z } from "zod"

const count = z.number().int().nonnegative()

export const Usage = z.object({
  inputTokens: count.describe("Input tokens that no cache answered"),
  cacheWriteTokens: count,
  cacheReadTokens: count,
  outputTokens: count,
  costUsd: z.number().nonnegative(),
})
export type Usage = z.infer<typeof Usage>

export const noUsage: Usage = {
  inputTokens: 0,
  cacheWriteTokens: 0,
  cacheReadTokens: 0,
  outputTokens: 0,
  costUsd: 0,
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costUsd: a.costUsd + b.costUsd,
  }
}

/** Size of one request and its reply in tokens: what fills a context window. */
export function contextTokens(usage: Usage): number {
  return usage.inputTokens + usage.cacheWriteTokens + usage.cacheReadTokens + usage.outputTokens
}
