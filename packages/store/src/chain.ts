/** Events as a chain: each stored record carries the hash of the one before, so that a loss shows. */
import { hash } from "node:crypto"
import { type AuraEvent, AuraEventSchema, toMessage } from "@aura/core"
import { z } from "zod"
import { eventRange, seqOf } from "./keys.ts"
import { type Head, type Page, type Reader, Unreadable } from "./pages.ts"

export const emptyHead: Head = { seq: 0, hash: "0".repeat(64) }

/** Why the chain cannot be trusted from `seq` on. */
export type Flaw = { seq: number; reason: string }

/** The rows inside were checked when they were written, and the chain proves that they are still the same. */
const EventRecord = z.object({
  prev: z.string(),
  event: z.custom<AuraEvent>((value) => AuraEventSchema.safeParse(value).success),
})

/** Builds the record of an event from its JSON text. */
export function toRecord(previous: Head, seq: number, eventText: string): { text: string; head: Head } {
  const text = `{"prev":"${previous.hash}","event":${eventText}}`
  return { text, head: { seq, hash: hashOf(text) } }
}

export function hashOf(record: string): string {
  return hash("sha256", record, "hex")
}

/** @throws when the text is no event record. */
export function parseRecord(text: string): { prev: string; event: AuraEvent } {
  return EventRecord.parse(JSON.parse(text))
}

/** Walks the chain from `start` to its end or `upTo`. `visit` sees each good record's head, the start's included. */
export async function followChain(
  reader: Reader,
  start: Head,
  visit: (head: Head) => void,
  { upTo = Number.MAX_SAFE_INTEGER - 1, chunk = 1000 }: { upTo?: number; chunk?: number } = {},
): Promise<{ end: Head; flaw: Flaw | undefined }> {
  let end = start
  visit(end)
  for (;;) {
    const pages = await reader.scan({ ...eventRange(end.seq, upTo), limit: chunk })
    for (const page of pages) {
      const next = toNext(end, page)
      if ("reason" in next) return { end, flaw: next }
      end = next
      visit(end)
    }
    if (pages.length < chunk) return { end, flaw: undefined }
  }
}

function toNext(last: Head, { key, value }: Page): Head | Flaw {
  const seq = last.seq + 1
  if (value instanceof Unreadable) return { seq, reason: `event ${seq} cannot be read: ${value.reason}` }
  if (seqOf(key) !== seq) return { seq, reason: `event ${seq} is missing` }
  try {
    const text = value ?? ""
    const { prev, event } = parseRecord(text)
    if (event.seq !== seq) return { seq, reason: `event ${seq} calls itself ${event.seq}` }
    if (prev !== last.hash) return { seq, reason: `event ${seq} does not follow from the one before it` }
    return { seq, hash: hashOf(text) }
  } catch (error) {
    return { seq, reason: `event ${seq} is no event: ${toMessage(error)}` }
  }
}
