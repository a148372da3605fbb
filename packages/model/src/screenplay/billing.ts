/** Counts tokens as a scripted model would be billed for them, a prompt cache included. */
import type { Tokens } from "../prices.ts"
import type { ScriptedReply } from "./screenplay.ts"

const cacheMark = `,"cache_control":{"type":"ephemeral"}`
const remembered = 16

/** Rough, but the same for everybody: four characters a token. */
export function estimateTokens(chars: number): number {
  return Math.ceil(chars / 4)
}

export type Cache = {
  /** How much of a request's prompt was read, written and neither; remembers the request. */
  measure(body: string): Omit<Tokens, "outputTokens">
}

export function createCache(): Cache {
  const earlier: string[] = []
  return {
    measure(body) {
      const total = estimateTokens(body.length)
      if (!body.includes(cacheMark)) return { inputTokens: total, cacheReadTokens: 0, cacheWriteTokens: 0 }
      const prompt = body.replaceAll(cacheMark, "")
      let common = 0
      for (const text of earlier) {
        common = Math.max(common, commonPrefix(text, prompt))
        if (common > text.length * 0.9) break
      }
      earlier.unshift(prompt)
      earlier.length = Math.min(earlier.length, remembered)
      const read = Math.min(Math.floor(common / 4), total)
      const input = Math.min(4, total - read)
      return { inputTokens: input, cacheReadTokens: read, cacheWriteTokens: total - read - input }
    },
  }
}

function commonPrefix(a: string, b: string): number {
  const step = 4096
  let at = 0
  while (at < a.length && a.slice(at, at + step) === b.slice(at, at + step)) at += step
  const end = Math.min(a.length, b.length)
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++
  return Math.min(at, end)
}

/** The usage a reply reports: what its script says, else what was measured. */
export function toUsage(
  reply: ScriptedReply,
  measured: Omit<Tokens, "outputTokens">,
  spokenChars: number,
  contextWindow: number,
): Tokens {
  const { share, input, output, cacheRead, cacheWrite } = reply.usage ?? {}
  const outputTokens = output ?? Math.max(estimateTokens(spokenChars), 1)
  const prompt =
    share === undefined ? undefined : Math.max(Math.round(share * contextWindow) - outputTokens, 0)
  const filled = prompt === undefined ? measured : fill(measured, prompt)
  return {
    inputTokens: input ?? filled.inputTokens,
    cacheReadTokens: cacheRead ?? filled.cacheReadTokens,
    cacheWriteTokens: cacheWrite ?? filled.cacheWriteTokens,
    outputTokens,
  }
}

/** Blows a prompt up to a size; what is added counts as read from the cache. */
function fill(measured: Omit<Tokens, "outputTokens">, prompt: number): Omit<Tokens, "outputTokens"> {
  const inputTokens = Math.min(measured.inputTokens, prompt)
  const cacheWriteTokens = Math.min(measured.cacheWriteTokens, prompt - inputTokens)
  return { inputTokens, cacheWriteTokens, cacheReadTokens: prompt - inputTokens - cacheWriteTokens }
}
