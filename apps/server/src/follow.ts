/** Follows the events of the store from a number on: what is stored first, then what comes, each once and in order. */
import { type AuraEvent, isTable, type LiveEvent, type Rows, tables } from "@aura/core"
import type { Host } from "./host.ts"

export type Following = { stop(): void }

/**
 * @param options.after the last `seq` the client has; absent = only what comes from now on
 * @param send called for every event, in order
 */
export async function follow(
  host: Host,
  options: { after?: number | undefined; projectId?: string | undefined },
  send: (event: AuraEvent | LiveEvent) => void,
): Promise<Following> {
  const { store } = host.aura
  const { projectId } = options
  let sent = options.after ?? store.head
  let waiting: AuraEvent[] | undefined = []
  let isStopped = false
  const isWanted = (event: { projectId?: string }) =>
    projectId === undefined || event.projectId === undefined || event.projectId === projectId
  const deliver = (event: AuraEvent) => {
    if (isStopped || event.seq <= sent || !isWanted(event)) return
    sent = event.seq
    send(toShared(event))
  }
  const stopStored = store.subscribe((event) => (waiting ? waiting.push(event) : deliver(event)))
  const stopLive = host.feed.listen((event) => {
    if (!waiting && !isStopped && isWanted(event)) send(event)
  })
  for (;;) {
    const page = await store.eventsAfter(sent, projectId === undefined ? {} : { projectId })
    for (const event of page) deliver(event)
    if (page.length === 0 || isStopped) break
  }
  for (const event of waiting) deliver(event)
  waiting = undefined
  return {
    stop() {
      isStopped = true
      stopStored()
      stopLive()
    },
  }
}

/** The event without rows that must not leave the server. */
function toShared(event: AuraEvent): AuraEvent {
  const isShared = (name: string) => isTable(name) && tables[name].audience === "shared"
  const rows: Rows = Object.fromEntries(Object.entries(event.rows).filter(([name]) => isShared(name)))
  if (!event.removed) return { ...event, rows }
  return {
    ...event,
    rows,
    removed: Object.fromEntries(Object.entries(event.removed).filter(([name]) => isShared(name))),
  }
}
