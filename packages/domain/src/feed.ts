/** The events that a caller may read: whatever else the store holds does not pass this point. */
import { type AuraEvent, isTable, type LiveEvent, type Rows, tables, withoutHeldOut } from "@aura/core"
import type { Store } from "@aura/store"
import type { Caller } from "./caller.ts"

export type Feed = {
  /** The `seq` of the newest event. */
  readonly head: number
  /** The newest event that was compacted away. */
  readonly sealed: number
  /**
   * A page of what is stored after an event. `last` is where the next page begins: what the caller may not read is left
   * out of `events`.
   */
  after(seq: number, limit: number): Promise<{ events: AuraEvent[]; last: number }>
  /** @returns stops it */
  subscribe(listener: (event: AuraEvent) => void): () => void
  mayHear(event: LiveEvent): boolean
}

/** @param projectId only what belongs to this project, and to the whole install */
export function open(
  store: Pick<Store, "head" | "sealed" | "eventsAfter" | "subscribe">,
  caller: Caller,
  projectId?: string,
): Feed {
  const isFor = (event: { projectId?: string }) => mayRead(caller, event) && isWanted(event, projectId)
  return {
    get head() {
      return store.head
    },
    get sealed() {
      return store.sealed
    },
    async after(seq, limit) {
      const page = await store.eventsAfter(seq, { limit })
      return { events: page.filter(isFor).map(toShared), last: page.at(-1)?.seq ?? seq }
    },
    subscribe: (listener) =>
      store.subscribe((event) => {
        if (isFor(event)) listener(toShared(event))
      }),
    mayHear: isFor,
  }
}

/** An agent reads what its own project did; a person, and Aura itself, all that is shared. */
function mayRead(caller: Caller, { projectId }: { projectId?: string }): boolean {
  return caller.kind !== "agent" || projectId === caller.projectId
}

function isWanted(event: { projectId?: string }, projectId: string | undefined): boolean {
  return projectId === undefined || event.projectId === undefined || event.projectId === projectId
}

/** The event without rows that must not leave the server. Of a table of a newer Aura the event itself says so. */
export function toShared({ private: hidden = [], ...event }: AuraEvent): AuraEvent {
  const isShared = (name: string) =>
    isTable(name) ? tables[name].audience === "shared" : !hidden.includes(name)
  const rows: Rows = Object.fromEntries(Object.entries(event.rows).filter(([name]) => isShared(name)))
  if (rows.entries) rows.entries = rows.entries.map(withoutHeldOut)
  if (!event.removed) return { ...event, rows }
  return {
    ...event,
    rows,
    removed: Object.fromEntries(Object.entries(event.removed).filter(([name]) => isShared(name))),
  }
}
