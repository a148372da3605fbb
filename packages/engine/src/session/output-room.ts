/**
 * How much room tool output may take up in a conversation. What was read long ago gives way in few large steps:
 * between them a request's bytes begin with those of the one before, so that the provider's cache holds.
 */
import type { Session } from "@aura/core"

/** In characters: past `most`, old outputs are masked until the newest `kept` are left. */
export type OutputRoom = { most: number; kept: number }

const mostEver = 400_000
/** About half of what is written until the session hands over. */
const charsPerToken = 2
const headChars = 200

/** Follows from the session alone, so that a conversation that is read back is masked in the same places. */
export function roomFor(session: Pick<Session, "contextWindow" | "rotateAt">): OutputRoom {
  const most = Math.min(mostEver, Math.round(session.contextWindow * session.rotateAt * charsPerToken))
  return { most, kept: Math.round(most / 4) }
}

/** How an output began, and how to have it again. Short ones stay as they are. */
export function maskOutput(output: string): string {
  const left = output.length - headChars
  if (left <= headChars) return output
  return `${output.slice(0, headChars)}…\n[Old output: Aura left out ${left} more characters to save room. Call the tool again if you need them.]`
}
