/** Decisions of the event socket: how long to wait, what to accept, where to connect. Pure. */
import type { AuraEvent, LiveEvent } from "@aura/core"

const firstWaitMs = 400
const longestWaitMs = 15_000

/** The pause before connection attempt `attempt` (0 = first retry); spread so that tabs do not march in step. */
export function waitBefore(attempt: number, random: number): number {
  const ceiling = Math.min(longestWaitMs, firstWaitMs * 2 ** attempt)
  return Math.round(ceiling * (0.5 + random / 2))
}

/** A message of the socket, or undefined for anything that is not an event. */
export function parseEvent(text: string): AuraEvent | LiveEvent | undefined {
  const value: unknown = JSON.parse(text)
  return isEvent(value) ? value : undefined
}

/** Rows were checked when they were written; here only the envelope is. */
function isEvent(value: unknown): value is AuraEvent | LiveEvent {
  if (typeof value !== "object" || value === null || !("type" in value)) return false
  if (!("seq" in value)) return true
  return typeof value.seq === "number" && "rows" in value && typeof value.rows === "object"
}

/** @param after the last event seen; without one only what happens from now on is wanted */
export function toSocketUrl(origin: string, ticket: string, after: number | undefined): string {
  const query = new URLSearchParams({ token: ticket })
  if (after !== undefined) query.set("after", String(after))
  return `${origin.replace(/^http/, "ws")}/ws/events?${query}`
}
