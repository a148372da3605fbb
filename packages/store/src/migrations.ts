/** The stored format, and the steps from each older one to the next. */
import { AuraError } from "@aura/core"
import { schemaKey } from "./keys.ts"
import type { Reader, Write } from "./pages.ts"
import type { RocksPages } from "./rocks-pages.ts"

/**
 * One step forward: the writes that turn the rows of one format into the next. They and the new format number
 * become one batch, so that a crash leaves the old format or the new one. Events are never rewritten.
 */
export type Migration = (reader: Reader) => Promise<Write[]>

/** Format 1 is the first; the migration at place 0 leads from it to format 2. */
export const migrations: Migration[] = []

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
export function requireKnownFormat(found: number | undefined, steps: Migration[]): void {
  const known = steps.length + 1
  if (found === undefined || found <= known) return
  throw new AuraError(
    "conflict",
    `Aura's memory was written by a newer version (format ${found}); this one knows format ${known}. ` +
      "Nothing was changed. Update Aura to open it.",
    { found, known },
  )
}

/** Brings the pages to the newest format; pages without any are new and get it at once. */
export async function migrate(
  pages: RocksPages,
  found: number | undefined,
  steps: Migration[],
): Promise<void> {
  if (found === undefined) return pages.write([note(steps.length + 1)])
  for (const [i, step] of steps.entries()) {
    if (i + 1 < found) continue
    await pages.write([...(await step(pages)), note(i + 2)])
    await pages.sync()
  }
}

function note(format: number): Write {
  return { key: schemaKey, value: String(format) }
}
