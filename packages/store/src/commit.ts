/** The write door, shared by both twins: one queue of commits, one chain of events, listeners told in order. */
import { AuraError, type AuraEvent, type EventType, eventTypes, toMessage } from "@aura/core"
import { parseRecord, toRecord } from "./chain.ts"
import { type PreparedChange, prepareChange, stageChange } from "./change.ts"
import { createDraft, type Draft } from "./draft.ts"
import { eventKey, eventRange, headKey, projectEventKey, projectEventRange, seqOf } from "./keys.ts"
import { type Head, type Page, type Pages, toClosed, Unreadable } from "./pages.ts"
import { createRead, type LostRow } from "./read.ts"
import type { Change, Decide, Store } from "./store.ts"

type EventFilter = { projectId?: string; limit?: number }

type StoreOptions = {
  now: () => number
  /** The last event on the pages. */
  head: Head
  /** Set when the pages are damaged: commits are refused with it. */
  refusal?: AuraError
  onLost?: (lost: LostRow) => void
}

type Job = {
  type: EventType
  /** Known before its turn, or decided in it. */
  work: PreparedChange | Decide
  resolve: (event: AuraEvent | undefined) => void
  reject: (error: unknown) => void
}
type Made = { job: Job; event: AuraEvent | undefined }

/** So many commits share a batch at most: it bounds how long the first of them waits for the last. */
const groupSize = 128
const defaultLimit = 1000

export function createStore(pages: Pages, options: StoreOptions): Store {
  const queue: Job[] = []
  const listeners = new Set<(event: AuraEvent) => void>()
  let written = options.head
  let synced = options.head.seq
  let refusal = options.refusal
  let working: Promise<void> | undefined
  let told: Promise<unknown> = Promise.resolve()
  let closed: AuraError | undefined
  let closing: Promise<void> | undefined

  /** Decides and writes what is queued, group after group; a group's sync goes on while the next is decided. */
  async function work(): Promise<void> {
    await Promise.resolve()
    while (queue.length > 0) {
      const group = queue.splice(0, groupSize)
      try {
        await writeGroup(group)
      } catch (error) {
        for (const job of group) job.reject(error)
      }
    }
    working = undefined
  }

  async function writeGroup(group: Job[]): Promise<void> {
    const draft = createDraft(pages)
    await draft.read(group.flatMap(({ work }) => (typeof work === "function" ? [] : work.keys)))
    const made: Made[] = []
    let head = written
    for (const job of group) {
      try {
        const next = await makeEvent(job, draft, head)
        head = next?.head ?? head
        made.push({ job, event: next?.event })
      } catch (error) {
        job.reject(error)
      }
    }
    if (head !== written) {
      draft.put(headKey, JSON.stringify(head))
      await pages.write(draft.writes())
    }
    announce(made, head)
  }

  /** Puts one commit on the draft: all of it, or nothing when it throws or has nothing to do. */
  async function makeEvent({ type, work }: Job, draft: Draft, last: Head) {
    if (refusal) throw refusal
    const change = typeof work === "function" ? await decide(work, draft) : work
    if (!change) return undefined
    const seq = last.seq + 1
    const at = new Date(options.now()).toISOString()
    const eventText = `{"seq":${seq},"at":"${at}","type":"${type}",${change.eventText}}`
    const event: AuraEvent = JSON.parse(eventText)
    const { text, head } = toRecord(last, seq, eventText)
    await stageChange(change, draft)
    draft.put(eventKey(seq), text)
    if (change.projectId !== undefined) draft.put(projectEventKey(change.projectId, seq), "")
    return { event, head }
  }

  /** Once the group and all before it are safe: tells the listeners, then the callers. */
  function announce(made: Made[], head: Head): void {
    const safe = head === written ? Promise.resolve() : pages.sync(head)
    written = head
    told = Promise.allSettled([safe, told]).then(([sync]) => {
      if (sync.status === "rejected") refusal ??= toSyncRefusal(sync.reason)
      for (const { job } of made) if (refusal) job.reject(refusal)
      if (refusal) return
      synced = head.seq
      for (const { event } of made) if (event) tell(event)
      for (const { job, event } of made) job.resolve(event)
    })
  }

  function tell(event: AuraEvent): void {
    for (const listener of Array.from(listeners)) {
      try {
        listener(event)
      } catch (error) {
        process.emitWarning(`A listener failed on event ${event.seq}: ${toMessage(error)}`)
      }
    }
  }

  async function commit(type: EventType, change: Change): Promise<AuraEvent>
  async function commit(type: EventType, decide: Decide): Promise<AuraEvent | undefined>
  async function commit(type: EventType, change: Change | Decide): Promise<AuraEvent | undefined> {
    if (refusal ?? closed) throw refusal ?? closed
    if (!eventTypes.includes(type)) throw new AuraError("bad_request", `There is no event called ${type}.`)
    const known = typeof change === "function" ? change : prepareChange(change)
    const { promise, resolve, reject } = Promise.withResolvers<AuraEvent | undefined>()
    queue.push({ type, work: known, resolve, reject })
    working ??= work()
    return promise
  }

  async function eventsAfter(after: number, { projectId, limit = defaultLimit }: EventFilter = {}) {
    const from = Math.max(0, Math.floor(after))
    if (!(from < synced) || !(limit >= 1)) return []
    const page = { limit: Math.floor(limit) }
    const pagesOfEvents =
      projectId === undefined
        ? await pages.scan({ ...eventRange(from, synced), ...page })
        : await pages.follow({ ...projectEventRange(projectId, from, synced), ...page }, (key) =>
            eventKey(seqOf(key)),
          )
    return pagesOfEvents.map(toEvent)
  }

  /** Refuses what comes now and finishes what was begun. */
  async function close(): Promise<void> {
    closed = toClosed()
    await working
    await told
    await pages.close()
  }

  return {
    ...createRead(pages, options.onLost),
    commit,
    eventsAfter,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get head() {
      return synced
    },
    close: () => (closing ??= close()),
  }
}

function toEvent({ key, value }: Page): AuraEvent {
  try {
    if (value instanceof Unreadable) throw new Error(value.reason)
    return parseRecord(value ?? "").event
  } catch (error) {
    const seq = seqOf(key)
    throw new AuraError(
      "internal_error",
      `Event ${seq} cannot be read from Aura's memory (${toMessage(error)}). Restore a checkpoint to get it back.`,
      { seq },
    )
  }
}

/** After a failed sync nobody knows what the disk holds: only reopening, which reads it again, can tell. */
function toSyncRefusal(error: unknown): AuraError {
  return new AuraError(
    "service_unavailable",
    `The disk did not confirm the last changes (${toMessage(error)}), so Aura saves nothing more. Check the disk, then restart Aura.`,
    { reason: "disk_error" },
  )
}

async function decide(work: Decide, draft: Draft): Promise<PreparedChange | undefined> {
  const change = await work(createRead(draft))
  return change && prepareChange(change)
}
