/**
 * Compaction of the event log. A seal holds number and hash of an event; it and all before it may then go, and the
 * chain is checked from there. The seal is safe on disk before the first event goes, so a crash leaves whole events
 * that no longer count, and the next compaction or start drops them.
 */
import { AuraError } from "@aura/core"
import { emptyHead, followChain, parseRecord } from "./chain.ts"
import { sealFormat } from "./format.ts"
import { eventRange, projectEventKey, schemaKey, sealKey } from "./keys.ts"
import type { Head, Pages, Reader, Write } from "./pages.ts"
import { parseHead } from "./witness.ts"

const batchSize = 500

/** The head of the chain before its first event; `undefined` when there is a seal that cannot be read. */
export async function readSeal(reader: Reader): Promise<Head | undefined> {
  const [text] = await reader.read([sealKey])
  if (text === undefined) return emptyHead
  return typeof text === "string" ? parseHead(text) : undefined
}

/** Walks the chain from the last seal. @throws AuraError when it is broken; it is not sealed over then. */
export async function walkTo(reader: Reader, from: Head, seq: number): Promise<Head> {
  const { end, flaw } = await followChain(reader, from, () => undefined, { upTo: seq })
  if (!flaw && end.seq === seq) return end
  throw new AuraError(
    "service_unavailable",
    `The event log was not compacted: ${flaw?.reason ?? `event ${seq} is missing`}. Restart Aura to see what is damaged.`,
  )
}

/** Writes the seal. From now on an older Aura, which would call the log damaged, refuses the data. */
export async function writeSeal(pages: Pages, seal: Head, head: Head): Promise<void> {
  const [format] = await pages.read([schemaKey])
  await pages.write([
    { key: sealKey, value: JSON.stringify(seal) },
    { key: schemaKey, value: String(Math.max(Number(format ?? 0), sealFormat)) },
  ])
  await pages.sync(head)
}

/** Drops some sealed events. True when there may be more. */
export async function dropSealed(pages: Pages, seal: Head): Promise<boolean> {
  const found = await pages.scan({ ...eventRange(0, seal.seq), limit: batchSize })
  const writes = found.flatMap(({ key, value }): Write[] => {
    const gone = { key, value: undefined }
    const projectKey = typeof value === "string" ? toProjectKey(value) : undefined
    return projectKey === undefined ? [gone] : [gone, { key: projectKey, value: undefined }]
  })
  if (writes.length > 0) await pages.write(writes)
  return found.length === batchSize
}

function toProjectKey(record: string): string | undefined {
  try {
    const { seq, projectId } = parseRecord(record).event
    return projectId === undefined ? undefined : projectEventKey(projectId, seq)
  } catch {
    return undefined
  }
}

/** What a client is told that asks for events that are gone. */
export function toCompacted(sealed: number): AuraError {
  return new AuraError(
    "conflict",
    `The events up to ${sealed} were compacted. Load the rows anew, and ask for the events after ${sealed}.`,
    { reason: "compacted", sealed },
  )
}
