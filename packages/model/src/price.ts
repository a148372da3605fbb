/** What a request and its reply cost. */

/** Dollars per million tokens. */
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
}

export type Tokens = {
  inputTokens: number
  cacheWriteTokens: number
  cacheReadTokens: number
  outputTokens: number
  /** Those of `cacheWriteTokens` that are kept for an hour: they cost twice the input. */
  hourWriteTokens?: number | undefined
}

/** Dollars for one request and its reply at these prices. */
export function costOf(row: PriceRow, tokens: Tokens): number {
  const prompt = tokens.inputTokens + tokens.cacheWriteTokens + tokens.cacheReadTokens
  const price = row.long && prompt > row.long.above ? row.long : row
  const hour = Math.min(tokens.hourWriteTokens ?? 0, tokens.cacheWriteTokens)
  const millionths =
    tokens.inputTokens * price.input +
    (tokens.cacheWriteTokens - hour) * price.cacheWrite +
    hour * hourWritePrice(price) +
    tokens.cacheReadTokens * price.cacheRead +
    tokens.outputTokens * price.output
  return millionths / 1e6
}

/** As published for every model (2026-11-27). */
export function hourWritePrice({ input }: Price): number {
  return input * 2
}
