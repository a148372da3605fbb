/** Follows the events of the store from a number on: what is stored first, then what comes, each once and in order. */
import { type AuraEvent, isTable, type LiveEvent, type Rows, tables, withoutHeldOut } from "@aura/core"
import type { Host } from "./host.ts"
import type { Outlet } from "./outlets.ts"

export type Following = {
  stop(): void
  /** Resolves when everything stored by now was sent, or it was stopped. */
  caughtUp(): Promise<void>
}

/** So few that little is held for a client that does not read. */
const pageSize = 100

/**
 * What a client has not taken yet waits in the store, not in memory: with a full queue nothing is sent, and once it was
 * taken the rest is read from the store. Unsaved events are left out for as long.
 * @param options.after the last `seq` the client has; absent = only what comes from now on
 * @param send called for every event, in order
 */
export function follow(
  host: Host,
  options: { after?: number | undefined; projectId?: string | undefined },
  outlet: Outlet,
  send: (event: AuraEvent | LiveEvent) => void,
): Following {
  const { store } = host.aura
  const { projectId } = options
  let sent = options.after ?? store.head
  let isStopped = false
  /** True while it reads on in the store; else events are passed on as they come. */
  let isReading = false
  let work = Promise.resolve()
  const isWanted = (event: { projectId?: string }) =>
    projectId === undefined || event.projectId === undefined || event.projectId === projectId

  const readPages = async () => {
    while (!isStopped && outlet.isOpen()) {
      const { head, sealed } = store
      if (sent < sealed) {
        sent = sealed
        send({ type: "events.compacted", upTo: sealed })
      }
      // Also with a project all are read: those of the whole install belong to it too.
      const page = await store.eventsAfter(sent, { limit: pageSize })
      for (const event of page) {
        if (isStopped || outlet.isFull()) break
        sent = event.seq
        if (isWanted(event)) send(toShared(event))
      }
      if (outlet.isFull()) await outlet.taken(() => `too slow; come back with after=${sent}`)
      else if (page.length === 0 && store.head === head) break
    }
    isReading = false
  }
  const read = () => {
    isReading = true
    // The store was closed, or cannot be read: the client comes back with its last number.
    work = readPages().catch(() =>
      outlet.end(1011, `the events cannot be read; come back with after=${sent}`),
    )
    host.outlets.track(work)
  }
  const stopStored = store.subscribe((event) => {
    if (isStopped || isReading || event.seq <= sent) return
    if (outlet.isFull()) return read()
    if (!isWanted(event)) return
    sent = event.seq
    send(toShared(event))
  })
  const stopLive = host.feed.listen((event) => {
    if (!isReading && !isStopped && !outlet.isFull() && isWanted(event)) send(event)
  })
  read()
  return {
    stop() {
      isStopped = true
      stopStored()
      stopLive()
    },
    caughtUp: () => work,
  }
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
