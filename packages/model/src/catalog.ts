/** The models: how much fits into them, how much they say, what they cost, how they like to be asked. */
import { costOf, type PriceRow, prices, type Tokens } from "./prices.ts"

export const defaultModel = "claude-opus-5-5"
export const defaultFastModel = "claude-haiku-5-5"

/** How a model wants its requests, where they differ. */
export type Manners = {
  /** It thinks unasked; what it thinks, and says between tool calls, comes as text only on request. */
  thinks: boolean
  /** Its thinking blocks are refused after any change to what came before them, unless asked to drop them. */
  binds: boolean
  /** It may be forced to call a certain tool. */
  obeys: boolean
  /** It can send a tool's input while writing it, instead of value by value. */
  eager: boolean
}

export type ModelFacts = {
  /** Tokens of request and reply together. */
  contextWindow: number
  maxOutput: number
  /** Dollars per million tokens; null = unknown, counted as free. */
  price: PriceRow | null
  /** False when costs of this model count as 0 because nobody knows them. */
  priced: boolean
  manners: Manners
}

type Size = { contextWindow: number; maxOutput: number }
const large: Size = { contextWindow: 1_000_000, maxOutput: 128_000 }
const small: Size = { contextWindow: 200_000, maxOutput: 64_000 }

const plain: Manners = { thinks: false, binds: false, obeys: true, eager: true }
const thinking: Manners = { ...plain, thinks: true }
const binding: Manners = { ...thinking, binds: true }
const willful: Manners = { ...binding, obeys: false }

/** Newest of a family first: an unknown member of the family is priced like the first. */
const models: Record<string, Size & { manners: Manners }> = {
  "claude-opus-5-5": { ...large, manners: willful },
  "claude-opus-5": { ...large, manners: thinking },
  "claude-opus-4-8": { ...large, manners: plain },
  "claude-opus-4-7": { ...large, manners: plain },
  "claude-opus-4-6": { ...large, manners: plain },
  "claude-opus-4-5": { ...small, manners: plain },
  "claude-sonnet-5-5": { ...large, manners: willful },
  "claude-sonnet-5": { ...large, manners: thinking },
  "claude-sonnet-4-6": { ...large, manners: plain },
  "claude-sonnet-4-5": { ...small, manners: plain },
  "claude-haiku-5-5": { ...large, manners: binding },
  "claude-haiku-4-5": { ...small, manners: plain },
  "claude-fable-5-2": { ...large, manners: willful },
  "claude-fable-5-1": { ...large, manners: willful },
  "claude-fable-5": { ...large, manners: thinking },
  "claude-mythos-5-2": { ...large, manners: willful },
  "claude-mythos-5-1": { ...large, manners: willful },
  "claude-mythos-5": { ...large, manners: thinking },
  "claude-mythos-preview": { ...large, manners: plain },
}

const families = ["opus", "sonnet", "haiku", "fable", "mythos"]
const unknown: Size = { contextWindow: 200_000, maxOutput: 32_000 }
const unknownManners: Manners = { thinks: false, binds: false, obeys: true, eager: false }

/** Ids of all models in the table. */
export const knownModels: readonly string[] = Object.keys(models)

/** What is known about a model; never fails. A date at the end of the id does not matter. */
export function findModel(id: string): ModelFacts {
  const baseId = withoutDate(id)
  const row = models[baseId]
  const price = prices[baseId] ?? familyPrice(baseId)
  const size = row ? { contextWindow: row.contextWindow, maxOutput: row.maxOutput } : unknown
  return { ...size, price, priced: price !== null, manners: row?.manners ?? unknownManners }
}

/** True for a model of the table: its window is a fact. */
export function isKnownModel(id: string): boolean {
  return withoutDate(id) in models
}

function withoutDate(id: string): string {
  return id.replace(/[-@]\d{8}$/, "")
}

function familyPrice(id: string): PriceRow | null {
  const words = id.toLowerCase().split(/[^a-z]+/)
  const family = families.find((name) => words.includes(name))
  const newest = family && knownModels.find((known) => known.includes(family))
  const row = newest ? prices[newest] : undefined
  return row ? { ...row, estimated: true } : null
}

/** Dollars for one request and its reply; 0 where the price is unknown. */
export function priceOf(model: string, tokens: Tokens): number {
  const { price } = findModel(model)
  return price ? costOf(price, tokens) : 0
}
