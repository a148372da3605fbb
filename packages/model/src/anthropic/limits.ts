/** The rate limits as the provider tells them with every answer: waits before the wall instead of running into it. */

type Limit = {
  kind: "requests" | "input tokens" | "output tokens" | "tokens"
  remaining: number
  resetMs: number
}

export type Limits = {
  /** Takes the headers of an answer. */
  note(headers: Headers, nowMs: number): void
  /** How long to wait before a request whose new part has so many tokens, and why. */
  waitFor(tokens: number, nowMs: number): { ms: number; reason: string } | undefined
}

const kinds = [
  ["requests", "requests"],
  ["input-tokens", "input tokens"],
  ["output-tokens", "output tokens"],
  ["tokens", "tokens"],
] as const

/** Limits by the minute refill within one; what names a later time is taken for a mistake. */
const longestMs = 5 * 60_000
/** A reply of fewer tokens than are left is begun. */
const minOutput = 1

export function createLimits(): Limits {
  let limits: Limit[] = []
  return {
    note(headers, nowMs) {
      const found = kinds.flatMap(([name, kind]): Limit[] => {
        const remaining = Number(headers.get(`anthropic-ratelimit-${name}-remaining`) ?? Number.NaN)
        const resetMs = Date.parse(headers.get(`anthropic-ratelimit-${name}-reset`) ?? "")
        return Number.isFinite(remaining) && resetMs > nowMs ? [{ kind, remaining, resetMs }] : []
      })
      limits = found
    },
    waitFor(tokens, nowMs) {
      const short = limits.filter(({ kind, remaining, resetMs }) => {
        const needed = kind === "requests" ? 1 : kind === "output tokens" ? minOutput : tokens
        return resetMs > nowMs && remaining < needed
      })
      const last = short.toSorted((a, b) => b.resetMs - a.resetMs)[0]
      if (!last) return undefined
      limits = limits.filter((limit) => !short.includes(limit))
      const ms = Math.min(last.resetMs - nowMs, longestMs)
      const left = `${last.remaining.toLocaleString("en")} ${last.kind}`
      return { ms, reason: `The rate limit has ${left} left until ${new Date(last.resetMs).toISOString()}.` }
    },
  }
}
