/**
 * Where a session should turn over. Every turn pays for reading all that came before it; a fresh session pays for its
 * brief, for looking around anew and for the hand-off. Where the two are equal, carrying on is as dear as beginning.
 */
import type { ModelFacts } from "../engine.ts"

/** Tokens, as measured over sessions of work. */
const turnAdds = 1_500
const freshStart = { written: 35_000, said: 5_000 }
/**
 * The curve is flat beyond its lowest point, what a session has read is worth something, and each fresh start is written
 * to the cache anew: half as far again. See `test/economics.ts`.
 */
const patience = 1.5
const least = 60_000
const most = 400_000

/** As a share of the model's window; 1 where its price is not known. */
export function cheapestShare({ rates, contextWindow }: Pick<ModelFacts, "rates" | "contextWindow">): number {
  if (!rates || rates.cacheRead <= 0) return 1
  const fresh = freshStart.written * rates.cacheWrite + freshStart.said * rates.output
  const lowest = Math.sqrt((2 * fresh * turnAdds) / rates.cacheRead)
  const tokens = Math.min(Math.max(lowest * patience, least), most)
  return Math.min(1, tokens / contextWindow)
}
