/** The stored format: one number that says what an Aura must know to read the data. */
import { AuraError } from "@aura/core"
import { schemaKey } from "./keys.ts"
import type { Reader, Write } from "./pages.ts"
import type { Versions } from "./versions.ts"

/** Format 1 is the first. From this one on the event log may begin at a seal (see `seal.ts`). */
export const sealFormat = 2

/**
 * Each step of an upcaster raises the format by one: rows written after it cannot be read without it. Rows and events
 * are never rewritten for it; each says its own version, and becomes the present one when it is read.
 */
export function knownFormat({ steps }: Versions): number {
  return sealFormat + steps
}

/** The format of the pages. @throws when it was never noted, though that is the first thing written. */
export async function readFormat(reader: Reader): Promise<number | undefined> {
  const [text] = await reader.read([schemaKey])
  const [first] = await reader.scan({ from: "", to: "~", limit: 1 })
  if (text === undefined && !first) return undefined
  const format = typeof text === "string" ? Number(text) : Number.NaN
  if (Number.isSafeInteger(format) && format > 0) return format
  throw new Error("the number of its format cannot be read")
}

/** @throws AuraError `conflict` when a newer Aura wrote the pages. */
export function requireKnownFormat(found: number | undefined, versions: Versions): void {
  const known = knownFormat(versions)
  if (found === undefined || found <= known) return
  throw new AuraError(
    "conflict",
    `Aura's memory was written by a newer version (format ${found}); this one knows format ${known}. ` +
      "Nothing was changed. Update Aura to open it.",
    { found, known },
  )
}

/** The format that is needed to read what is written from now on: no higher than it must be. */
export function neededFormat(found: number | undefined, versions: Versions): number {
  return Math.max(found ?? 1, versions.steps === 0 ? 1 : knownFormat(versions))
}

export function toFormatWrite(format: number): Write {
  return { key: schemaKey, value: String(format) }
}
