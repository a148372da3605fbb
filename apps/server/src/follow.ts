/** Follows the events that a caller may read: first the stored ones after a number, then new ones, each once and in order. */
import type { AuraEvent, LiveEvent } from "@aura/core"
import { type Caller, feed } from "@aura/domain"
import type { Host } from "./host.ts"
import type { Outlet } from "./outlets.ts"

export type Following = {
  stop(): void
  /** Resolves when all events stored so far were sent, or it was stopped. */
  caughtUp(): Promise<void>
}

/** Small, so that little is held in memory for a client that does not read. */
const pageSize = 100

/**
 * Events for a slow client wait in the store, not in memory: while its queue is full nothing is sent, and once it is
 * sent the rest is read from the store. Unsaved events are dropped meanwhile.
 * @param options.after the last `seq` the client has; absent = only what comes from now on
 * @param send called for every event, in order
 */
export function follow(
  host: Host,
  caller: Caller,
  options: { after?: number | undefined; projectId?: string | undefined },
  outlet: Outlet,
  send: (event: AuraEvent | LiveEvent) => void,
): Following {
  const events = feed.open(host.aura.store, caller, options.projectId)
  let sent = options.after ?? events.head
  let isStopped = false
  /** True while it reads from the store; otherwise events are passed on as they arrive. */
  let isReading = false
  let work = Promise.resolve()

  const readPages = async () => {
    while (!isStopped && outlet.isOpen()) {
      const { head, sealed } = events
      if (sent < sealed) {
        sent = sealed
        send({ type: "events.compacted", upTo: sealed })
      }
      const before = sent
      const page = await events.after(before, pageSize)
      for (const event of page.events) {
        if (isStopped || outlet.isFull()) break
        sent = event.seq
        send(event)
      }
      if (outlet.isFull()) {
        await outlet.taken(() => `too slow; come back with after=${sent}`)
        continue
      }
      sent = page.last
      if (page.last === before && events.head === head) break
    }
    isReading = false
  }
  const read = () => {
    isReading = true
    // The store is closed or unreadable: the client reconnects with its last number.
    work = readPages().catch(() =>
      outlet.end(1011, `the events cannot be read; come back with after=${sent}`),
    )
    host.outlets.track(work)
  }
  const stopStored = events.subscribe((event) => {
    if (isStopped || isReading || event.seq <= sent) return
    if (outlet.isFull()) return read()
    sent = event.seq
    send(event)
  })
  const stopLive = host.feed.listen((event) => {
    if (!isReading && !isStopped && !outlet.isFull() && events.mayHear(event)) send(event)
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
