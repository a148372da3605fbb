/** Counts tokens as a scripted model would be billed for them. */
import type { Tokens } from "../price.ts"
import { estimateTokens, type Measured } from "./cache.ts"
import type { ScriptedReply } from "./screenplay.ts"

/** The usage a reply reports: what its script says, else what was measured. */
export function toUsage(
  reply: ScriptedReply,
  measured: Measured,
  spokenChars: number,
  contextWindow: number,
): Tokens {
  const { share, input, output, cacheRead, cacheWrite } = reply.usage ?? {}
  const outputTokens = output ?? Math.max(estimateTokens(spokenChars), 1)
  const prompt =
    share === undefined ? undefined : Math.max(Math.round(share * contextWindow) - outputTokens, 0)
  const filled = prompt === undefined ? measured : fill(measured, prompt)
  const cacheWriteTokens = cacheWrite ?? filled.cacheWriteTokens
  return {
    inputTokens: input ?? filled.inputTokens,
    cacheReadTokens: cacheRead ?? filled.cacheReadTokens,
    cacheWriteTokens,
    hourWriteTokens: Math.min(filled.hourWriteTokens, cacheWriteTokens),
    outputTokens,
  }
}

/** Blows a prompt up to a size; what is added counts as read from the cache. */
function fill(measured: Measured, prompt: number): Measured {
  const inputTokens = Math.min(measured.inputTokens, prompt)
  const cacheWriteTokens = Math.min(measured.cacheWriteTokens, prompt - inputTokens)
  const hourWriteTokens = Math.min(measured.hourWriteTokens, cacheWriteTokens)
  return {
    inputTokens,
    cacheWriteTokens,
    hourWriteTokens,
    cacheReadTokens: prompt - inputTokens - cacheWriteTokens,
  }
}
