/** A store whose commits go another way; everything else is the store itself. */
import type { AuraEvent, EventType } from "@aura/core"
import type { Change, Decide, Store } from "./store.ts"

export type Write = (type: EventType, change: Change | Decide) => Promise<AuraEvent | undefined>

export function withCommit(store: Store, write: Write): Store {
  async function commit(type: EventType, change: Change): Promise<AuraEvent>
  async function commit(type: EventType, decide: Decide): Promise<AuraEvent | undefined>
  async function commit(type: EventType, change: Change | Decide): Promise<AuraEvent | undefined> {
    return await write(type, change)
  }
  return {
    get: (table, id) => store.get(table, id),
    list: (table, where, page) => store.list(table, where, page),
    search: (table, query) => store.search(table, query),
    commit,
    eventsAfter: (after, options) => store.eventsAfter(after, options),
    subscribe: (listener) => store.subscribe(listener),
    get head() {
      return store.head
    },
    get sealed() {
      return store.sealed
    },
    compact: (upTo) => store.compact(upTo),
    close: () => store.close(),
  }
}

/** `store.commit` for a change that may be either kind. */
export async function commitTo(
  store: Store,
  type: EventType,
  change: Change | Decide,
): Promise<AuraEvent | undefined> {
  return typeof change === "function" ? await store.commit(type, change) : await store.commit(type, change)
}
