/** A store that waits for room: to the loop a full disk is weather, not the end of a task. */
import { AuraError, type AuraEvent, type EventType } from "@aura/core"
import type { Change, Decide, Store } from "./store.ts"

const retryMs = 5000

/**
 * The same store, whose commits are tried again for as long as the disk is full. Requests of people get the
 * plain one: they are told at once.
 * @param onFull called when a commit begins to wait, and with `false` when it went through
 */
export function createPatientStore(store: Store, onFull: (isFull: boolean) => void, sleep = sleepFor): Store {
  async function commit(type: EventType, change: Change): Promise<AuraEvent>
  async function commit(type: EventType, change: Decide): Promise<AuraEvent | undefined>
  async function commit(type: EventType, change: Change | Decide): Promise<AuraEvent | undefined> {
    for (let tries = 0; ; tries++) {
      try {
        const event =
          typeof change === "function" ? await store.commit(type, change) : await store.commit(type, change)
        if (tries > 0) onFull(false)
        return event
      } catch (thrown) {
        if (!(thrown instanceof AuraError) || thrown.details?.reason !== "disk_full") throw thrown
        if (tries === 0) onFull(true)
        await sleep(retryMs)
      }
    }
  }
  return {
    get: (table, id) => store.get(table, id),
    list: (table, where, page) => store.list(table, where, page),
    commit,
    eventsAfter: (after, options) => store.eventsAfter(after, options),
    subscribe: (listener) => store.subscribe(listener),
    get head() {
      return store.head
    },
    close: () => store.close(),
  }
}

function sleepFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
