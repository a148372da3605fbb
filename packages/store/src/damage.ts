/** Is everything still there? The check of stored events and rows, and what it says when not. */
import { AuraError, tableNames } from "@aura/core"
import { emptyHead, type Flaw, followChain, hashOf } from "./chain.ts"
import { eventKey, headKey, idOf, rowRange } from "./keys.ts"
import { type Head, type Reader, Unreadable } from "./pages.ts"
import type { LostRow } from "./read.ts"
import { readSeal } from "./seal.ts"
import { parseHead } from "./witness.ts"

export type Damage = {
  /** The first event that cannot be trusted; `null` when all events are whole and only rows are lost. */
  firstBadSeq: number | null
  /** One sentence for a person. */
  reason: string
  /** Rows that cannot be read; lists leave them out while the store is damaged. Grows as more are met. */
  rows: LostRow[]
  /** Names of the checkpoints there are, newest first. */
  checkpoints: string[]
}

/** `isWhole`: every event since the seal and every row was read. */
type Inspection = { head: Head; seal: Head; flaw: Flaw | undefined; lostRows: LostRow[]; isWhole: boolean }

type InspectOptions = {
  /** A head known to have been durable: the chain must run through it. */
  witness?: Head | undefined
  /** Heads up to which the chain was walked before, newest first; one that fits shortens the walk. */
  walked?: Head[]
  /** So many of the newest events, and so many rows of each table, are read. */
  reach?: number
}

/** A start reads so much; what is older is read beside the first work (see `inspectRest`). */
export const startReach = 1000
const fullReach = 100_000
/** Small steps with pauses: what is going on must not feel it. */
const smallChunk = 100
const pauseMs = 10

export async function inspect(reader: Reader, options: InspectOptions = {}): Promise<Inspection> {
  const { witness, walked = [], reach = fullReach } = options
  const { lostRows, isWhole: hasAllRows } = await findLostRows(reader, reach)
  const recorded = await readHead(reader)
  const seal = await readSeal(reader)
  if (!recorded || !seal) {
    const reason = seal ? "the number of the last event is lost" : "the seal of the compacted events is lost"
    return { head: emptyHead, seal: emptyHead, flaw: { seq: 1, reason }, lostRows, isWhole: true }
  }

  const owed = [recorded, ...(witness ? [witness] : [])]
  const start = await findStart(reader, {
    seal,
    last: Math.max(...owed.map(({ seq }) => seq)),
    walked,
    reach,
  })
  if ("reason" in start)
    return { head: { ...emptyHead, seq: start.seq - 1 }, seal, flaw: start, lostRows, isWhole: true }

  const passed = new Map<number, string>()
  const { end, flaw } = await followChain(reader, start, ({ seq, hash }) => {
    if (owed.some((head) => head.seq === seq)) passed.set(seq, hash)
  })
  const flaws = [flaw, ...owed.map((head) => compare(head, start, end, passed.get(head.seq)))]
  if (end.seq > recorded.seq)
    flaws.push({ seq: recorded.seq + 1, reason: "there are events after the last one" })
  const first = flaws.filter((each) => each !== undefined).sort((a, b) => a.seq - b.seq)[0]
  const isWhole = hasAllRows && start.seq === seal.seq
  return { head: first ? { ...end, seq: first.seq - 1 } : end, seal, flaw: first, lostRows, isWhole }
}

/**
 * Reads what a start has left out, little by little and between other work: the chain up to `head`, and the rows.
 * @param isOver asked between the steps; true ends it
 */
export async function inspectRest(
  reader: Reader,
  head: Head,
  isOver: () => boolean,
): Promise<Inspection | undefined> {
  const pause = async () => {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    if (isOver()) throw new Over()
  }
  const slow: Reader = {
    ...reader,
    scan: async (range) => {
      await pause()
      return await reader.scan(range)
    },
  }
  try {
    const seal = (await readSeal(reader)) ?? emptyHead
    const { flaw } = await followChain(slow, seal, () => undefined, { upTo: head.seq, chunk: smallChunk })
    const { lostRows } = await findLostRows(slow, Number.POSITIVE_INFINITY, smallChunk)
    return { head, seal, flaw, lostRows, isWhole: true }
  } catch (error) {
    if (error instanceof Over || isOver()) return undefined
    throw error
  }
}

class Over extends Error {}

export function toDamage(inspection: Inspection, checkpoints: string[]): Damage | undefined {
  const { flaw, lostRows } = inspection
  const reason = toReason(inspection)
  return reason === undefined
    ? undefined
    : { firstBadSeq: flaw?.seq ?? null, reason, rows: lostRows, checkpoints }
}

/** What is wrong, in half a sentence; `undefined` when nothing is. */
export function toReason({ flaw, lostRows: [lost] }: Inspection): string | undefined {
  return flaw?.reason ?? (lost && `rows of ${lost.table} cannot be read: ${lost.reason}`)
}

/** What commits are refused with while the store is damaged. */
export function toDamageRefusal({ firstBadSeq, reason, checkpoints }: Damage): AuraError {
  const way = checkpoints[0]
    ? `Restore the checkpoint ${checkpoints[0]}`
    : "Restore a copy of the data folder"
  return new AuraError(
    "service_unavailable",
    `Aura's memory is damaged and can only be read: ${reason}. ${way} to go on.`,
    { firstBadSeq, reason, checkpoints },
  )
}

async function readHead(reader: Reader): Promise<Head | undefined> {
  const [text] = await reader.read([headKey])
  if (text instanceof Unreadable) return undefined
  return text === undefined ? emptyHead : parseHead(text)
}

/** Where the walk begins: at the seal, or where an earlier walk ended, or `reach` events back. */
async function findStart(
  reader: Reader,
  { seal, last, walked, reach }: { seal: Head; last: number; walked: Head[]; reach: number },
): Promise<Head | Flaw> {
  if (last - seal.seq <= reach) return seal
  const from = last - reach
  for (const head of walked) {
    if (head.seq > from && head.seq <= last && (await readHash(reader, head.seq)) === head.hash) return head
  }
  const hash = await readHash(reader, from)
  return hash ? { seq: from, hash } : { seq: from, reason: `event ${from} cannot be read` }
}

async function readHash(reader: Reader, seq: number): Promise<string | undefined> {
  const [text] = await reader.read([eventKey(seq)])
  return typeof text === "string" ? hashOf(text) : undefined
}

function compare(owed: Head, start: Head, end: Head, hash: string | undefined): Flaw | undefined {
  if (owed.seq < start.seq || owed.hash === hash) return undefined
  if (owed.seq <= end.seq) return { seq: owed.seq, reason: `event ${owed.seq} is not the one that was saved` }
  return { seq: end.seq + 1, reason: `the events ${end.seq + 1} to ${owed.seq} are missing` }
}

async function findLostRows(reader: Reader, most: number, chunk = 1000) {
  const lostRows: LostRow[] = []
  let isWhole = true
  for (const table of tableNames) {
    const { from, to } = rowRange(table)
    let after = from
    for (let count = 0; ; count += chunk) {
      if (count >= most) isWhole = false
      if (count >= most) break
      const pages = await reader.scan({ from: after, to, limit: chunk })
      for (const { key, value } of pages) {
        if (value instanceof Unreadable) lostRows.push({ table, id: idOf(key), reason: value.reason })
      }
      const last = pages.at(-1)
      if (!last || pages.length < chunk) break
      after = `${last.key} `
    }
  }
  return { lostRows, isWhole }
}
