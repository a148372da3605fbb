/** What tokens cost, in dollars per million, as published on the date of the table. */

export type Price = {
  input: number
  /** Writing to the cache that lasts five minutes. */
  cacheWrite: number
  cacheRead: number
  output: number
}

export type PriceRow = Price & {
  /** Prices of a request whose prompt, cached parts included, is longer than `above` tokens. */
  long?: Price & { above: number }
  /** True where no published price was found and the nearest relative's stands in. */
  estimated?: true
}

/** The day the provider's price list was read. */
export const pricesAsOf = "2026-10-10"

const opus4: PriceRow = { input: 5, cacheWrite: 6.25, cacheRead: 0.5, output: 25 }
const sonnet4: PriceRow = { input: 3, cacheWrite: 3.75, cacheRead: 0.3, output: 15 }
const fable5: PriceRow = { input: 10, cacheWrite: 12.5, cacheRead: 1, output: 50 }
const fable51: PriceRow = { input: 10, cacheWrite: 12.5, cacheRead: 0.25, output: 50 }

export const prices: Record<string, PriceRow> = {
  "claude-opus-5-5": { input: 4, cacheWrite: 5, cacheRead: 0.2, output: 20 },
  "claude-opus-5": opus4,
  "claude-opus-4-8": opus4,
  "claude-opus-4-7": opus4,
  "claude-opus-4-6": opus4,
  "claude-opus-4-5": opus4,
  "claude-sonnet-5-5": { input: 2, cacheWrite: 2.5, cacheRead: 0.1, output: 10 },
  "claude-sonnet-5": { input: 2, cacheWrite: 2.5, cacheRead: 0.2, output: 10 },
  "claude-sonnet-4-6": sonnet4,
  "claude-sonnet-4-5": sonnet4,
  "claude-haiku-5-5": {
    input: 0.1,
    cacheWrite: 0.125,
    cacheRead: 0.01,
    output: 0.5,
    long: { above: 100_000, input: 0.5, cacheWrite: 0.625, cacheRead: 0.05, output: 2.5 },
  },
  "claude-haiku-4-5": { input: 1, cacheWrite: 1.25, cacheRead: 0.1, output: 5 },
  "claude-fable-5-2": { ...fable51, estimated: true },
  "claude-fable-5-1": fable51,
  "claude-fable-5": fable5,
  "claude-mythos-5-2": { ...fable51, estimated: true },
  "claude-mythos-5-1": fable51,
  "claude-mythos-5": fable5,
  "claude-mythos-preview": { input: 25, cacheWrite: 31.25, cacheRead: 2.5, output: 125, estimated: true },
}

export type Tokens = {
  inputTokens: number
  cacheWriteTokens: number
  cacheReadTokens: number
  outputTokens: number
}

/** Dollars for one request and its reply at these prices. */
export function costOf(row: PriceRow, tokens: Tokens): number {
  const prompt = tokens.inputTokens + tokens.cacheWriteTokens + tokens.cacheReadTokens
  const price = row.long && prompt > row.long.above ? row.long : row
  const millionths =
    tokens.inputTokens * price.input +
    tokens.cacheWriteTokens * price.cacheWrite +
    tokens.cacheReadTokens * price.cacheRead +
    tokens.outputTokens * price.output
  return millionths / 1e6
}
