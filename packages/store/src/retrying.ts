/** A store that waits for room: to the loop a full disk is weather, not the end of a task. */
import { AuraError } from "@aura/core"
import type { Store } from "./store.ts"
import { commitTo, withCommit } from "./with-commit.ts"

const retryMs = 5000

/**
 * The same store, whose commits are tried again for as long as the disk is full. Requests of people get the
 * plain one: they are told at once.
 * @param onFull called when a commit begins to wait, and with `false` when it went through
 */
export function createRetryingStore(
  store: Store,
  onFull: (isFull: boolean) => void,
  sleep = sleepFor,
): Store {
  return withCommit(store, async (type, change) => {
    for (let tries = 0; ; tries++) {
      try {
        const event = await commitTo(store, type, change)
        if (tries > 0) onFull(false)
        return event
      } catch (thrown) {
        if (!(thrown instanceof AuraError) || thrown.details?.reason !== "disk_full") throw thrown
        if (tries === 0) onFull(true)
        await sleep(retryMs)
      }
    }
  })
}

function sleepFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
