/** Knows without reading that a row is new: ids rise with time, so one key per table tells. */
import { tableNames } from "@aura/core"
import { rowRange } from "./keys.ts"
import { type Range, type Reader, Unreadable, type Value, type Write } from "./pages.ts"

type Written = Reader & { write(batch: Write[]): Promise<void> }

/** Answers reads of rows beyond the newest of their table by itself; most commits then need no read at all. */
export async function rememberNewest<P extends Written>(pages: P): Promise<P> {
  const newest = new Map<string, string>()
  for (const range of tableNames.map(rowRange)) newest.set(range.from, await findNewest(pages, range))

  function isBeyond(key: string): boolean {
    const last = newest.get(tablePart(key))
    return last !== undefined && key > last
  }

  return {
    ...pages,
    async read(keys: string[]): Promise<Value[]> {
      const unsure = keys.filter((key) => !isBeyond(key))
      if (unsure.length === 0) return keys.map(() => undefined)
      const values = await pages.read(unsure)
      const found = new Map(unsure.map((key, i) => [key, values[i]]))
      return keys.map((key) => found.get(key))
    },
    /** Raised before the write: a row is never thought to be new too long, at worst not long enough. */
    write(batch: Write[]): Promise<void> {
      for (const { key, value } of batch) {
        if (value !== undefined && isBeyond(key)) newest.set(tablePart(key), key)
      }
      return pages.write(batch)
    },
  }
}

async function findNewest(pages: Reader, range: Range): Promise<string> {
  const [last] = await pages.scan({ ...range, limit: 1, reverse: true })
  if (last?.value instanceof Unreadable) return range.to
  return last?.key ?? range.from
}

/** `row tasks ` of `row tasks task_1`. */
function tablePart(key: string): string {
  return key.slice(0, key.lastIndexOf(" ") + 1)
}
