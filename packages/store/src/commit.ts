/** The write door, shared by both twins: one queue of commits, one chain of events, listeners told in order. */
import { AuraError, type AuraEvent, type EventType, eventTypes, toMessage } from "@aura/core"
import { emptyHead, parseRecord, toRecord } from "./chain.ts"
import { type PreparedChange, prepareChange, stageChange } from "./change.ts"
import { createDraft, type Draft } from "./draft.ts"
import { markOf, toHeadText } from "./indexes.ts"
import { eventKey, eventRange, headKey, projectEventKey, projectEventRange, seqOf } from "./keys.ts"
import { type Head, type Page, type Pages, toClosed, Unreadable } from "./pages.ts"
import { createRead, type LostRow } from "./read.ts"
import { dropSealed, toCompacted, walkTo, writeSeal } from "./seal.ts"
import type { Change, Decide, Store } from "./store.ts"
import { createTextIndex } from "./text-index.ts"
import { createUpkeep } from "./upkeep.ts"
import type { Versions } from "./versions.ts"

type EventFilter = { projectId?: string; limit?: number }

type StoreOptions = {
  now: () => number
  /** The last event on the pages. */
  head: Head
  /** Where the chain of events begins. */
  seal?: Head
  versions: Versions
  /** Set when the pages are damaged: commits are refused with it. */
  refusal?: AuraError | undefined
  onLost?: ((lost: LostRow) => void) | undefined
}

type Job = {
  type: EventType
  /** Known before its turn, or decided in it. */
  work: PreparedChange | Decide
  resolve: (event: AuraEvent | undefined) => void
  reject: (error: unknown) => void
}
type Made = { job: Job; events: AuraEvent[] }

/** The store, and the way to tell it that its pages turned out to be damaged. */
export type CommittingStore = Store & { refuse(refusal: AuraError): void }

/** So many commits share a batch at most: it bounds how long the first of them waits for the last. */
const groupSize = 128
const defaultLimit = 1000
/** So many blocks of texts are signed with a group at most: more than its rows fill, usually. */
const maxSteps = 32

export function createStore(pages: Pages, options: StoreOptions): CommittingStore {
  const { versions } = options
  const queue: Job[] = []
  const listeners = new Set<(event: AuraEvent) => void>()
  const texts = createTextIndex(pages, "entries", versions)
  const upkeep = createUpkeep()
  const mark = markOf(versions)
  let seal = options.seal ?? emptyHead
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
    for (;;) {
      const group = queue.splice(0, groupSize)
      if (group.length > 0) {
        try {
          await writeGroup(group)
        } catch (error) {
          for (const job of group) job.reject(error)
        }
      }
      await upkeep.step(closed)
      if (queue.length === 0 && upkeep.isIdle()) break
    }
    working = undefined
  }

  function wake(): void {
    working ??= work()
  }

  /** What fails here is tried again at the next occasion: nothing depends on it. */
  function tidy(name: string, step: () => Promise<boolean>): void {
    upkeep.add(name, step, wake).catch(() => undefined)
  }

  /** Signs a block where there was no commit to do it with. */
  async function signTexts(): Promise<boolean> {
    const draft = createDraft(pages)
    await texts.step(draft)
    if (draft.writes().length === 0) return texts.isDue()
    await pages.write(draft.writes()).catch((error) => {
      texts.forget()
      throw error
    })
    await pages.sync(written)
    return texts.isDue()
  }

  async function writeGroup(group: Job[]): Promise<void> {
    const draft = createDraft(pages)
    await draft.read(group.flatMap(({ work }) => (typeof work === "function" ? [] : work.keys)))
    const made: Made[] = []
    let head = written
    for (const job of group) {
      try {
        const next = await makeEvents(job, draft, head)
        head = next?.head ?? head
        made.push({ job, events: next?.events ?? [] })
      } catch (error) {
        job.reject(error)
      }
    }
    if (head !== written) {
      for (let steps = 0; texts.isDue() && steps < maxSteps; steps++) await texts.step(draft)
      draft.put(headKey, toHeadText(head, mark))
      await pages.write(draft.writes()).catch((error) => {
        texts.forget()
        throw error
      })
    }
    announce(made, head)
  }

  /** Puts one commit on the draft: all of it, or nothing when it throws or has nothing to do. */
  async function makeEvents({ type, work }: Job, draft: Draft, last: Head) {
    if (refusal) throw refusal
    const change = typeof work === "function" ? await decide(work, draft) : work
    if (!change) return undefined
    const { projectId, before, rows, removed } = change
    const at = new Date(options.now()).toISOString()
    const ids = [...rows, ...removed].flatMap(({ table, id }) => (table === "entries" ? [id] : []))
    await texts.note(ids, draft)
    const tail = await stageChange(change, draft, versions)
    const version = versions.current("events")
    const marked = version === 1 ? "" : `"v":${version},`
    const events: AuraEvent[] = []
    let head = last
    for (const name of before === undefined ? [type] : [before, type]) {
      const seq = head.seq + 1
      const eventText = `{"seq":${seq},"at":"${at}","type":"${name}",${marked}${tail}}`
      const record = toRecord(head, seq, eventText)
      draft.put(eventKey(seq), record.text)
      if (projectId !== undefined) draft.put(projectEventKey(projectId, seq), "")
      events.push(JSON.parse(eventText))
      head = record.head
    }
    return { events, head }
  }

  async function decide(work: Decide, draft: Draft): Promise<PreparedChange | undefined> {
    const change = await work(createRead(draft, { versions }))
    return change && prepareChange(change, versions)
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
      for (const { events } of made) for (const event of events) tell(event)
      for (const { job, events } of made) job.resolve(events.at(-1))
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
    const known = typeof change === "function" ? change : prepareChange(change, versions)
    const { promise, resolve, reject } = Promise.withResolvers<AuraEvent | undefined>()
    queue.push({ type, work: known, resolve, reject })
    wake()
    return promise
  }

  async function eventsAfter(after: number, { projectId, limit = defaultLimit }: EventFilter = {}) {
    const from = Math.max(0, Math.floor(after))
    if (from < seal.seq) throw toCompacted(seal.seq)
    if (!(from < synced) || !(limit >= 1)) return []
    const page = { limit: Math.floor(limit) }
    const pagesOfEvents =
      projectId === undefined
        ? await pages.scan({ ...eventRange(from, synced), ...page })
        : await pages.follow({ ...projectEventRange(projectId, from, synced), ...page }, (key) =>
            eventKey(seqOf(key)),
          )
    return pagesOfEvents.map((one) => toEvent(one, versions))
  }

  async function compact(upTo: number): Promise<void> {
    if (refusal ?? closed) throw refusal ?? closed
    const target = Math.min(Math.floor(upTo), synced)
    if (target > seal.seq) {
      const next = await walkTo(pages, seal, target)
      await upkeep.add(
        "seal",
        async () => {
          await writeSeal(pages, next, written)
          seal = next
          return false
        },
        wake,
      )
    }
    await upkeep.add("drop", () => dropSealed(pages, seal), wake)
  }

  /** Refuses what comes now and finishes what was begun. */
  async function close(): Promise<void> {
    closed = toClosed()
    await working
    await told
    await pages.close()
  }

  // What a crash or another Aura left undone is done beside the first commits.
  if (!refusal) {
    if (seal.seq > 0) tidy("drop", () => dropSealed(pages, seal))
    tidy("texts", signTexts)
  }

  return {
    ...createRead(pages, { versions, onLost: options.onLost }),
    search: (_, query) => texts.search(query),
    commit,
    eventsAfter,
    compact,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get head() {
      return synced
    },
    get sealed() {
      return seal.seq
    },
    refuse(next) {
      refusal ??= next
    },
    close: () => (closing ??= close()),
  }
}

function toEvent({ key, value }: Page, versions: Versions): AuraEvent {
  try {
    if (value instanceof Unreadable) throw new Error(value.reason)
    return versions.upcastEvent(parseRecord(value ?? "").event)
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
