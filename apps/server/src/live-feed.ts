/** Passes live events to listeners; stores nothing. */
import type { LiveEvent } from "@aura/core"

export type LiveFeed = {
  tell(event: LiveEvent): void
  listen(listener: (event: LiveEvent) => void): () => void
}

export function createLiveFeed(): LiveFeed {
  const listeners = new Set<(event: LiveEvent) => void>()
  return {
    tell: (event) => {
      for (const listener of listeners) listener(event)
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
