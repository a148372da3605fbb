/** What a person may say about a model: facts of one that no table knows, and how hard it should think. */
import { z } from "zod"
import { efforts, thinkingForms } from "./efforts.ts"
import { sights } from "./media.ts"

export const EffortLevel = z.enum(efforts)

/** How hard the model thinks in each kind of work; null = the default of that kind. */
export const Efforts = z.strictObject({
  plan: EffortLevel.nullable(),
  work: EffortLevel.nullable(),
  chat: EffortLevel.nullable(),
})
export type Efforts = z.infer<typeof Efforts>

const usd = z.number().nonnegative().max(100_000).describe("USD per million tokens")

/** Facts about one model that count before those of the table. */
export const EnteredFacts = z
  .strictObject({
    contextWindow: z.int().min(4_000).max(100_000_000),
    maxOutput: z.int().min(1_024).max(10_000_000),
    inputUsd: usd,
    outputUsd: usd,
    cacheReadUsd: usd,
    cacheWriteUsd: usd,
    thinking: z.enum(thinkingForms),
    sees: z.array(z.enum(sights)).max(2).describe("What it sees beside text"),
  })
  .partial()
export type EnteredFacts = z.infer<typeof EnteredFacts>

/** By the id of the model, as it is written in Settings. */
export const EnteredModels = z.record(z.string().trim().min(1).max(200), EnteredFacts)
export type EnteredModels = z.infer<typeof EnteredModels>

/** A model that a provider offers. */
export const OfferedModel = z.object({
  id: z.string().describe("As it is written in Settings"),
  contextWindow: z.number().nullable().describe("null: the provider does not tell"),
  inputUsd: z.number().nullable().describe("Per million tokens; null: nobody knows"),
  outputUsd: z.number().nullable(),
})
export type OfferedModel = z.infer<typeof OfferedModel>

/** A model as Settings shows it. */
export const ModelView = z.object({
  id: z.string(),
  roles: z.array(z.enum(["model", "fastModel", "fallbackModel"])).describe("What Settings uses it for"),
  isKnown: z.boolean().describe("It is in Aura's table"),
  contextWindow: z.number(),
  maxOutput: z.number(),
  thinking: z.enum(thinkingForms),
  efforts: z.array(EffortLevel).describe("The levels it takes; empty = it takes none"),
  sees: z.array(z.enum(sights)).describe("What it sees beside text; empty = nothing"),
  priceSource: z
    .enum(["published", "estimated", "entered", "unknown"])
    .describe("unknown: its requests count as free, and no budget in USD can hold"),
  inputUsd: z.number().nullable(),
  outputUsd: z.number().nullable(),
  endOfLife: z.string().nullable().describe("The day from which the provider refuses it, YYYY-MM-DD"),
  warnings: z.array(z.string()),
})
export type ModelView = z.infer<typeof ModelView>
