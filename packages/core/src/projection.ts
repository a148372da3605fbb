/** What a plan will cost, before the money is spent. */
import { z } from "zod"

const Range = z.object({
  low: z.number().nonnegative().describe("One of ten ends below it"),
  expected: z.number().nonnegative(),
  high: z.number().nonnegative().describe("One of ten ends above it"),
})
export type Range = z.infer<typeof Range>

const Forecast = z.object({
  costUsd: Range.nullable().describe("null: nobody knows what the model costs"),
  minutes: Range.describe("Of work, by one agent"),
})
export type Forecast = z.infer<typeof Forecast>

export const Projection = z.object({
  spentUsd: z.number().nonnegative(),
  remaining: Forecast.describe("Of all tasks that are still to be worked, reviews and proofs included"),
  total: Forecast.describe("With what was spent so far"),
  tasks: z
    .array(Forecast.extend({ taskId: z.string() }))
    .describe("Those still to be worked, as a whole each"),
  learnedFrom: z
    .object({ here: z.number().int(), elsewhere: z.number().int() })
    .describe("Finished tasks of this project and of earlier ones"),
  requirements: z
    .array(z.object({ id: z.string(), costUsd: z.number().nonnegative() }))
    .describe("What the tasks that prove each have cost so far"),
})
export type Projection = z.infer<typeof Projection>
