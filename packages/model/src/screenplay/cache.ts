/**
 * The provider's prompt cache, simulated: entries at breakpoints, the longest one that begins a prompt is read, at
 * most twenty blocks back from a breakpoint, none below the model's minimum, none after its time to live.
 */
import { createHash } from "node:crypto"
import type { ModelFacts } from "../catalog.ts"
import { isObject, type Json, objectOf, textOf } from "../json.ts"
import { countChars } from "../media.ts"
import { withoutMark } from "./thoughts.ts"

export type Measured = {
  inputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  /** Those of the written that are kept for an hour. */
  hourWriteTokens: number
}

export type Cache = {
  /** How much of a request's prompt was read, written and neither; remembers the request. */
  measure(request: Json, facts: Pick<ModelFacts, "minCacheTokens">): Measured
}

type Segment = { tokens: number; key: string; ttlMs: number | undefined }

const fiveMinutes = 5 * 60_000
const lookback = 20
const maxEntries = 20_000
/** No picture is counted by less than its bytes below this. */
const maxPlain = 19_000

/** Rough, but the same for everybody: four characters a token. */
export function estimateTokens(chars: number): number {
  return Math.ceil(chars / 4)
}

/** @param now milliseconds since 1970 */
export function createCache(now: () => number): Cache {
  const entries = new Map<string, { until: number; ttlMs: number }>()

  const isAlive = (key: string, at: number) => (entries.get(key)?.until ?? 0) > at
  const touch = (key: string, at: number): boolean => {
    const entry = entries.get(key)
    if (!entry || entry.until <= at) return false
    entry.until = at + entry.ttlMs
    return true
  }

  return {
    measure(request, { minCacheTokens }) {
      const at = now()
      const segments = toSegments(request)
      const total = segments.at(-1)?.tokens ?? 0
      let read = 0
      let written = 0
      let writtenForHour = 0
      for (const [i, segment] of segments.entries()) {
        if (segment.ttlMs === undefined || segment.tokens < minCacheTokens) continue
        for (let back = i; back >= 0 && i - back < lookback; back--) {
          const earlier = segments[back]
          if (!earlier || !touch(earlier.key, at)) continue
          read = Math.max(read, earlier.tokens)
          break
        }
        written = segment.tokens
        if (segment.ttlMs > fiveMinutes) writtenForHour = segment.tokens
      }
      for (const { key, tokens, ttlMs } of segments) {
        if (ttlMs === undefined || tokens < minCacheTokens || isAlive(key, at)) continue
        entries.set(key, { until: at + ttlMs, ttlMs })
      }
      if (entries.size > maxEntries)
        for (const [key, { until }] of entries) if (until <= at) entries.delete(key)
      return {
        inputTokens: total - Math.max(written, read),
        cacheReadTokens: read,
        cacheWriteTokens: Math.max(written - read, 0),
        hourWriteTokens: Math.max(writtenForHour - read, 0),
      }
    },
  }
}

/** The prompt in the order in which it is cached, each with all that is before it. */
function toSegments({ model, tools, system, messages, thinking, tool_choice }: Json): Segment[] {
  const segments: Segment[] = []
  let key = textOf(model)
  let tokens = 0
  const add = (block: unknown) => {
    const text = withoutMark(block)
    key = createHash("sha1").update(key).update(text).digest("base64url")
    tokens += estimateTokens(text.length < maxPlain ? text.length : countChars(withoutTtl(block)))
    segments.push({ key, tokens, ttlMs: toTtl(block) })
  }
  for (const block of [...listOf(tools), ...(typeof system === "string" ? [system] : listOf(system))])
    add(block)
  // How it thinks and what it must call change the cached messages, not what is in front of them.
  key += JSON.stringify([objectOf(thinking).type, objectOf(thinking).budget_tokens, tool_choice])
  for (const message of listOf(messages)) {
    const { role, content } = objectOf(message)
    key += textOf(role)
    for (const block of typeof content === "string" ? [content] : listOf(content)) add(block)
  }
  return segments
}

function toTtl(block: unknown): number | undefined {
  if (!isObject(block) || !isObject(block.cache_control)) return undefined
  return block.cache_control.ttl === "1h" ? 60 * 60_000 : fiveMinutes
}

function withoutTtl(block: unknown): unknown {
  return isObject(block) ? { ...block, cache_control: undefined } : block
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
