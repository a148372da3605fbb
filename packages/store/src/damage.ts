/** Is everything still there? The check of stored events and rows, and what it says when not. */
import { AuraError, tableNames } from "@aura/core"
import { emptyHead, type Flaw, followChain, hashOf } from "./chain.ts"
import { eventKey, headKey, idOf, rowRange } from "./keys.ts"
import { type Head, type Reader, Unreadable } from "./pages.ts"
import type { LostRow } from "./read.ts"
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

type Inspection = { head: Head; flaw: Flaw | undefined; lostRows: LostRow[] }

type InspectOptions = {
  /** A head known to have been durable: the chain must run through it. */
  witness?: Head | undefined
  /** Heads up to which the chain was walked before, newest first; one that fits shortens the walk. */
  walked?: Head[]
  /** So many of the newest events, and so many rows of each table, are read. */
  reach?: number
}

const usualReach = 100_000
const chunk = 1000

export async function inspect(reader: Reader, options: InspectOptions = {}): Promise<Inspection> {
  const { witness, walked = [], reach = usualReach } = options
  const lostRows = await findLostRows(reader, reach)
  const recorded = await readHead(reader)
  if (!recorded)
    return { head: emptyHead, flaw: { seq: 1, reason: "the number of the last event is lost" }, lostRows }

  const owed = [recorded, ...(witness ? [witness] : [])]
  const start = await findStart(reader, Math.max(...owed.map(({ seq }) => seq)), walked, reach)
  if ("reason" in start) return { head: { ...emptyHead, seq: start.seq - 1 }, flaw: start, lostRows }

  const passed = new Map<number, string>()
  const { end, flaw } = await followChain(reader, start, ({ seq, hash }) => {
    if (owed.some((head) => head.seq === seq)) passed.set(seq, hash)
  })
  const flaws = [flaw, ...owed.map((head) => compare(head, start, end, passed.get(head.seq)))]
  if (end.seq > recorded.seq)
    flaws.push({ seq: recorded.seq + 1, reason: "there are events after the last one" })
  const first = flaws.filter((each) => each !== undefined).sort((a, b) => a.seq - b.seq)[0]
  return { head: first ? { ...end, seq: first.seq - 1 } : end, flaw: first, lostRows }
}

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

/** Where the walk begins: at the very first event, or where an earlier walk ended, or `reach` events back. */
async function findStart(reader: Reader, last: number, walked: Head[], reach: number): Promise<Head | Flaw> {
  if (last <= reach) return emptyHead
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

async function findLostRows(reader: Reader, most: number): Promise<LostRow[]> {
  const lost: LostRow[] = []
  for (const table of tableNames) {
    const { from, to } = rowRange(table)
    let after = from
    for (let count = 0; count < most; count += chunk) {
      const pages = await reader.scan({ from: after, to, limit: chunk })
      for (const { key, value } of pages) {
        if (value instanceof Unreadable) lost.push({ table, id: idOf(key), reason: value.reason })
      }
      const last = pages.at(-1)
      if (!last || pages.length < chunk) break
      after = `${last.key} `
    }
  }
  return lost
}
