/** Writes that are decided but not yet on a page: a view of the pages that already shows them. */
import type { Page, Range, Reader, Value, Write } from "./pages.ts"

export type Draft = Reader & {
  put(key: string, value: string | undefined): void
  writes(): Write[]
}

/** What is read once is kept: while a draft is open nobody else writes. */
export function createDraft(pages: Reader): Draft {
  const staged = new Map<string, string | undefined>()
  const seen = new Map<string, Value>()

  async function read(keys: string[]): Promise<Value[]> {
    const unseen = keys.filter((key) => !staged.has(key) && !seen.has(key))
    if (unseen.length > 0) {
      const values = await pages.read(unseen)
      for (const [i, key] of unseen.entries()) seen.set(key, values[i])
    }
    return keys.map((key) => (staged.has(key) ? staged.get(key) : seen.get(key)))
  }

  async function scan(range: Range): Promise<Page[]> {
    const inRange = [...staged].filter(([key]) => key >= range.from && key < range.to)
    if (inRange.length === 0) return pages.scan(range)
    const { limit, reverse = false } = range
    // Each staged key can hide one stored page.
    const stored = await pages.scan(limit === undefined ? range : { ...range, limit: limit + inRange.length })
    const merged = stored.filter(({ key }) => !staged.has(key))
    for (const [key, value] of inRange) if (value !== undefined) merged.push({ key, value })
    merged.sort(byKey)
    if (reverse) merged.reverse()
    return merged.slice(0, limit)
  }

  return {
    read,
    scan,
    async follow(range, target) {
      const keys = (await scan(range)).map(({ key }) => target(key))
      const values = await read(keys)
      return keys.map((key, i) => ({ key, value: values[i] }))
    },
    put: (key, value) => staged.set(key, value),
    writes: () => [...staged].map(([key, value]) => ({ key, value })),
  }
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}
