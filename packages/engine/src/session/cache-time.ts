/** How long the provider should keep what it was sent: an hour costs more to write, and less than writing it again. */
import type { Entry } from "@aura/core"
import type { NewEntry } from "@aura/domain"

/** What took so long once may take longer than the five minutes of the usual cache the next time. */
const slowMs = 2 * 60_000

/** True for a command or check after which the cache of five minutes may be gone. */
export function isSlow(entry: Entry | NewEntry): boolean {
  if (entry.kind === "tool") return entry.durationMs >= slowMs
  return entry.kind === "check" && entry.check.durationMs >= slowMs
}
