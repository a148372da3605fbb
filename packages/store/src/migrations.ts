/** The stored format, and the steps from each older one to the next. */
import { AuraError } from "@aura/core"
import { schemaKey } from "./keys.ts"
import { type Head, type Pages, type Reader, Unreadable, type Write } from "./pages.ts"

/**
 * One step forward: the writes that turn the rows of one format into the next. They and the new format number
 * become one batch, so that a crash leaves the old format or the new one. Events are never rewritten.
 */
export type Migration = (reader: Reader) => Promise<Write[]>

/** Format 1 is the first; the migration at place 0 leads from it to format 2. */
export const migrations: Migration[] = []

/** The format of the pages; `undefined` when none was noted yet. */
export async function readFormat(reader: Reader): Promise<number | undefined> {
  const [text] = await reader.read([schemaKey])
  if (text === undefined) return undefined
  const format = text instanceof Unreadable ? Number.NaN : Number(text)
  if (Number.isSafeInteger(format) && format > 0) return format
  throw new Error("the number of its format cannot be read")
}

/** @throws AuraError `conflict` when a newer Aura wrote the pages. */
export function requireKnownFormat(found: number, steps: Migration[]): void {
  const known = formatAfter(steps)
  if (found <= known) return
  throw new AuraError(
    "conflict",
    `Aura's memory was written by a newer version (format ${found}); this one knows format ${known}. ` +
      "Nothing was changed. Update Aura to open it.",
    { found, known },
  )
}

export function formatAfter(steps: Migration[]): number {
  return steps.length + 1
}

export async function noteFormat(pages: Pages, format: number, head: Head): Promise<void> {
  await pages.write([{ key: schemaKey, value: String(format) }])
  await pages.sync(head)
}

export async function migrate(pages: Pages, found: number, steps: Migration[], head: Head): Promise<void> {
  for (const [i, step] of steps.entries()) {
    const from = i + 1
    if (from < found) continue
    await pages.write([...(await step(pages)), { key: schemaKey, value: String(from + 1) }])
    await pages.sync(head)
  }
}
