/** A store that takes secrets out of rows before they are written: what never gets in can never come out. */
import { type AuraEvent, type EventType, isTable, type Rows, type Table, tables } from "@aura/core"
import type { Change, Decide, Store } from "./store.ts"

/** The same row, without what it must not hold. */
export type Clean = <R>(table: Table, row: R) => R

/** The same store; rows that clients and the model may see pass `clean` first. Private tables keep what they are for. */
export function createDiscreetStore(store: Store, clean: Clean): Store {
  async function commit(type: EventType, change: Change): Promise<AuraEvent>
  async function commit(type: EventType, change: Decide): Promise<AuraEvent | undefined>
  async function commit(type: EventType, change: Change | Decide): Promise<AuraEvent | undefined> {
    if (typeof change !== "function") return await store.commit(type, cleanChange(change, clean))
    return await store.commit(type, async (read) => {
      const decided = await change(read)
      return decided && cleanChange(decided, clean)
    })
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

function cleanChange(change: Change, clean: Clean): Change {
  const rows: Rows = Object.fromEntries(
    Object.entries(change.rows).map(([name, list]) =>
      isTable(name) && tables[name].audience === "shared"
        ? [name, list.map((row) => clean(name, row))]
        : [name, list],
    ),
  )
  return { ...change, rows }
}
