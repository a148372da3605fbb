/**
 * The models: how much fits into them, what they cost, how they think, until when they answer. Read from the model
 * pages, the price list, the pages on thinking, effort and prompt caching of platform.claude.com, and from the
 * official SDK 1.14.0, all on the day below.
 */
import {
  type Effort,
  type EnteredFacts,
  type EnteredModels,
  type Sight,
  sights,
  splitModelId,
  type ThinkingForm,
} from "@aura/core"
import { familyOf, toCanonicalId, versionOf } from "./model-id.ts"
import { costOf, type PriceRow, type Tokens } from "./price.ts"
import { findPublished } from "./published-prices.ts"

/** The day this table was read. */
const asOf = "2026-11-27"

export const defaultModel = "claude-opus-5-5"
export const defaultFastModel = "claude-haiku-5-5"

/** What differs from model to model in how a request has to be made. */
export type Abilities = {
  thinking: ThinkingForm
  /** It cannot be asked not to think. */
  alwaysThinks: boolean
  /** It refuses thinking blocks after any change to what came before them, unless asked to drop them. */
  checksPrefix: boolean
  /** It can be forced to call a tool (`tool_choice`). */
  canForceTools: boolean
  /** It can stream a tool's input while writing it, instead of value by value. */
  streamsInput: boolean
  /** The levels of effort it takes; empty = none. */
  efforts: readonly Effort[]
  /** Shorter prompts are not cached. */
  minCacheTokens: number
  /** What it sees beside text. */
  sees: readonly Sight[]
}

type Row = Abilities & {
  contextWindow: number
  maxOutput: number
  price: PriceRow
  /** No published price was found; the nearest relative's stands in. */
  isEstimated?: boolean
  endOfLife?: string
}

export type PriceSource = "published" | "estimated" | "entered" | "unknown"

export type ModelFacts = Abilities & {
  /** Tokens of request and reply together. */
  contextWindow: number
  maxOutput: number
  price: PriceRow | null
  /** `unknown`: costs count as 0 because nobody knows them. */
  priceSource: PriceSource
  endOfLife: string | null
  /** It is in the table. */
  isKnown: boolean
}

const large = { contextWindow: 1_000_000, maxOutput: 128_000 }
const small = { contextWindow: 200_000, maxOutput: 64_000 }

const threeEfforts = ["low", "medium", "high"] as const
const fourEfforts = [...threeEfforts, "max"] as const
const allEfforts = [...threeEfforts, "xhigh", "max"] as const

const plain: Abilities = {
  thinking: "none",
  alwaysThinks: false,
  checksPrefix: false,
  canForceTools: true,
  streamsInput: true,
  efforts: [],
  minCacheTokens: 1024,
  sees: sights,
}
const budget = { ...plain, thinking: "budget" } as const
const adaptive = { ...plain, thinking: "adaptive", efforts: allEfforts } as const
const bound = { ...adaptive, checksPrefix: true } as const
/** The minimum of the models of late 2026 was not found; that of their predecessors stands here. */
const newest = { ...bound, alwaysThinks: true, canForceTools: false, minCacheTokens: 512 } as const

const opus4: PriceRow = { input: 5, cacheWrite: 6.25, cacheRead: 0.5, output: 25 }
const sonnet4: PriceRow = { input: 3, cacheWrite: 3.75, cacheRead: 0.3, output: 15 }
const sonnet5: PriceRow = { input: 2, cacheWrite: 2.5, cacheRead: 0.2, output: 10 }
const fable5: PriceRow = { input: 10, cacheWrite: 12.5, cacheRead: 1, output: 50 }
const fable51: PriceRow = { ...fable5, cacheRead: 0.25 }

/** Newest of a family first: an unknown member of the family is priced and asked like the first. */
const models: Record<string, Row> = {
  "claude-opus-5-5": {
    ...large,
    ...newest,
    price: { input: 4, cacheWrite: 5, cacheRead: 0.2, output: 20 },
  },
  "claude-opus-5": { ...large, ...adaptive, minCacheTokens: 512, price: opus4 },
  "claude-opus-4-8": { ...large, ...adaptive, price: opus4 },
  "claude-opus-4-7": { ...large, ...adaptive, minCacheTokens: 2048, price: opus4 },
  "claude-opus-4-6": { ...large, ...adaptive, efforts: fourEfforts, minCacheTokens: 4096, price: opus4 },
  "claude-opus-4-5": {
    ...small,
    ...budget,
    efforts: threeEfforts,
    minCacheTokens: 4096,
    price: opus4,
    endOfLife: "2027-01-22",
  },
  "claude-sonnet-5-5": { ...large, ...bound, canForceTools: false, price: sonnet5 },
  "claude-sonnet-5": { ...large, ...adaptive, price: sonnet5 },
  "claude-sonnet-4-6": { ...large, ...adaptive, efforts: fourEfforts, price: sonnet4 },
  "claude-sonnet-4-5": { ...small, ...budget, price: sonnet4, endOfLife: "2026-11-30" },
  "claude-haiku-5-5": {
    ...large,
    ...bound,
    minCacheTokens: 4096,
    price: {
      input: 0.1,
      cacheWrite: 0.125,
      cacheRead: 0.01,
      output: 0.5,
      long: { above: 100_000, input: 0.5, cacheWrite: 0.625, cacheRead: 0.05, output: 2.5 },
    },
  },
  "claude-haiku-4-5": {
    ...small,
    ...budget,
    minCacheTokens: 4096,
    price: { input: 1, cacheWrite: 1.25, cacheRead: 0.1, output: 5 },
  },
  "claude-fable-5-2": { ...large, ...newest, price: fable51, isEstimated: true },
  "claude-fable-5-1": { ...large, ...newest, price: fable51 },
  "claude-fable-5": { ...large, ...adaptive, alwaysThinks: true, minCacheTokens: 512, price: fable5 },
  "claude-mythos-5-2": { ...large, ...newest, price: fable51, isEstimated: true },
  "claude-mythos-5-1": { ...large, ...newest, price: fable51 },
  "claude-mythos-5": { ...large, ...adaptive, alwaysThinks: true, minCacheTokens: 512, price: fable5 },
  "claude-mythos-preview": {
    ...large,
    ...adaptive,
    alwaysThinks: true,
    efforts: fourEfforts,
    price: { input: 25, cacheWrite: 31.25, cacheRead: 2.5, output: 125 },
    isEstimated: true,
    endOfLife: "2026-06-30",
  },
}

/** What runs on one's own machine. */
const free: PriceRow = { input: 0, cacheWrite: 0, cacheRead: 0, output: 0 }

const unknownSize = { contextWindow: 200_000, maxOutput: 32_000 }

/** Ids of all models in the table. */
export const knownModels: readonly string[] = Object.keys(models)

/** What the provider's own list says about a model. */
export type ListedFacts = {
  contextWindow?: number | undefined
  maxOutput?: number | undefined
  thinking?: ThinkingForm | undefined
  efforts?: readonly Effort[] | undefined
  sees?: readonly Sight[] | undefined
  price?: PriceRow | undefined
  endOfLife?: string | undefined
}

export type FurtherFacts = {
  /** Entered by a person; counts before everything else. */
  entered?: EnteredModels | undefined
  /** Of the provider's list, by id; fills in what the table does not know. */
  listed?: ReadonlyMap<string, ListedFacts> | undefined
}

/** What is known about a model, however its id is spelled; never fails. */
export function findModel(id: string, { entered, listed }: FurtherFacts = {}): ModelFacts {
  const canonicalId = toCanonicalId(id)
  const row = models[canonicalId]
  const found = listed?.get(id) ?? listed?.get(canonicalId)
  const facts = row ? toFacts(row, found) : guess(canonicalId, found)
  const own = entered?.[id] ?? entered?.[canonicalId]
  return own ? override(facts, own) : facts
}

/** True for a model of the table: its window is a fact. */
export function isKnownModel(id: string): boolean {
  return toCanonicalId(id) in models
}

function toFacts(row: Row, listed: ListedFacts | undefined): ModelFacts {
  const { isEstimated, endOfLife, ...rest } = row
  return {
    ...rest,
    priceSource: isEstimated ? "estimated" : "published",
    endOfLife: listed?.endOfLife ?? endOfLife ?? null,
    isKnown: true,
  }
}

/** A member of a known family that came after the table is like its newest; all else is asked for nothing special. */
function guess(canonicalId: string, listed: ListedFacts | undefined): ModelFacts {
  const family = familyOf(canonicalId)
  const siblings = family ? knownModels.filter((known) => familyOf(known) === family) : []
  const first = siblings[0]
  const newestRow = first === undefined ? undefined : models[first]
  const version = versionOf(canonicalId)
  const isNewer = siblings.every((known) => (version ?? 0) > (versionOf(known) ?? 0))
  const like = newestRow && isNewer ? newestRow : undefined
  const published = findPublished(canonicalId)
  const known =
    listed?.price ?? published?.price ?? (splitModelId(canonicalId).provider === "ollama" ? free : undefined)
  const price = known ?? newestRow?.price ?? null
  return {
    ...plain,
    streamsInput: like !== undefined,
    ...(like && { ...abilitiesOf(like) }),
    sees: listed?.sees ?? guessSights(canonicalId),
    ...(listed?.thinking && { thinking: listed.thinking }),
    ...(listed?.efforts && { efforts: listed.efforts }),
    contextWindow: listed?.contextWindow ?? published?.contextWindow ?? unknownSize.contextWindow,
    maxOutput: listed?.maxOutput ?? published?.maxOutput ?? unknownSize.maxOutput,
    price,
    priceSource: known ? "published" : price ? "estimated" : "unknown",
    endOfLife: listed?.endOfLife ?? null,
    isKnown: false,
  }
}

function abilitiesOf(row: Row): Abilities {
  const { thinking, alwaysThinks, checksPrefix, canForceTools, streamsInput, efforts, minCacheTokens, sees } =
    row
  return {
    thinking,
    alwaysThinks,
    checksPrefix,
    canForceTools,
    streamsInput,
    efforts,
    minCacheTokens,
    sees,
  }
}

const seeing =
  /\b(gpt-(4o|4\.1|4-turbo|[5-9])|o[134](?!-mini-2024)|gemini|gemma-?[3-9]|claude|llava|pixtral|molmo|minicpm-v|moondream|grok-[4-9]|llama-?(3\.2-vision|4)|mistral-(small3|medium-3))|vision|[-.:0-9]vl\b|vl[-:]/i
const reading = /\b(gpt-(4o|4\.1|[5-9])|gemini|claude)/i

/** By its name, where no list says it: what cannot be seen is a sentence, what is sent in vain a refused request. */
function guessSights(id: string): readonly Sight[] {
  if (familyOf(id)) return sights
  if (!seeing.test(id)) return []
  return reading.test(id) && splitModelId(id).provider !== "ollama" ? sights : ["image"]
}

function override(facts: ModelFacts, own: EnteredFacts): ModelFacts {
  const { inputUsd, outputUsd, cacheReadUsd, cacheWriteUsd } = own
  const isPriced = [inputUsd, outputUsd, cacheReadUsd, cacheWriteUsd].some((usd) => usd !== undefined)
  const input = inputUsd ?? facts.price?.input ?? 0
  const price = {
    input,
    output: outputUsd ?? facts.price?.output ?? 0,
    cacheRead: cacheReadUsd ?? (inputUsd === undefined ? facts.price?.cacheRead : undefined) ?? input,
    cacheWrite: cacheWriteUsd ?? (inputUsd === undefined ? facts.price?.cacheWrite : undefined) ?? input,
  }
  return {
    ...facts,
    contextWindow: own.contextWindow ?? facts.contextWindow,
    maxOutput: Math.min(own.maxOutput ?? facts.maxOutput, own.contextWindow ?? Number.POSITIVE_INFINITY),
    ...(own.thinking && { thinking: own.thinking }),
    ...(own.thinking === "none" && { alwaysThinks: false }),
    ...(own.sees && { sees: own.sees }),
    ...(isPriced && { price, priceSource: "entered" }),
  }
}

/** Dollars for one request and its reply; 0 where the price is unknown. */
export function priceOf(model: string, tokens: Tokens, facts: ModelFacts = findModel(model)): number {
  return facts.price ? costOf(facts.price, tokens) : 0
}

/** The strongest level the model takes that is not above the one that is wanted; undefined = it takes none. */
export function clampEffort(wanted: Effort, levels: readonly Effort[]): Effort | undefined {
  const order = allEfforts.indexOf(wanted)
  return levels.findLast((level) => allEfforts.indexOf(level) <= order) ?? levels[0]
}

/** What a person should know before relying on this model; `today` is YYYY-MM-DD. */
export function findWarnings(id: string, facts: ModelFacts, today: string): string[] {
  const { endOfLife, priceSource, isKnown, contextWindow } = facts
  const halfUntil = findPublished(id)?.halfPriceUntil
  const days = endOfLife === null ? undefined : (Date.parse(endOfLife) - Date.parse(today)) / 86_400_000
  return [
    days !== undefined && days <= 0
      ? `${id} was retired on ${endOfLife}: the provider refuses it. Choose another model.`
      : "",
    days !== undefined && days > 0 && days <= 120
      ? `${id} is retired on ${endOfLife}, in ${Math.ceil(days)} ${days <= 1 ? "day" : "days"}: from then on the provider refuses it. Choose another model before.`
      : "",
    priceSource === "unknown"
      ? `Nobody knows what ${id} costs: its requests count as free, and a budget in USD cannot hold. Enter its price in Settings.`
      : "",
    priceSource === "estimated"
      ? `The price of ${id} is an estimate of ${asOf}, taken from its nearest relative.`
      : "",
    halfUntil !== undefined && today <= halfUntil && priceSource === "published"
      ? `Until ${halfUntil} the provider charges half the price of ${id}. Aura counts the full price: the bill is lower than what Aura shows, and a budget ends earlier.`
      : "",
    isKnown || contextWindow !== unknownSize.contextWindow
      ? ""
      : `Aura does not know ${id} and assumes a window of ${unknownSize.contextWindow / 1000}k tokens. Enter its facts in Settings.`,
  ].filter((text) => text !== "")
}
