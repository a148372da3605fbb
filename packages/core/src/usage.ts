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
