/** The in-memory twin: the same store on pages that end with the process. */
import { upcasters } from "@aura/core"
import { emptyHead } from "./chain.ts"
import { createStore } from "./commit.ts"
import { type Page, type Pages, type Range, toClosed, type Write } from "./pages.ts"
import type { Store } from "./store.ts"
import { createVersions } from "./versions.ts"

export function openMemoryStore({ now }: { now: () => number }): Store {
  return createStore(createMemoryPages(), { now, head: emptyHead, versions: createVersions(upcasters) })
}

/** Values are text here too, so that no caller ever holds a stored row itself. */
export function createMemoryPages(): Pages {
  const values = new Map<string, string>()
  const order: string[] = []

  let closed = false

  /** Like the disk, gives nothing more once it is closed. */
  function requireOpen(): void {
    if (closed) throw toClosed()
  }

  function put({ key, value }: Write): void {
    const place = placeOf(order, key)
    if (value === undefined) {
      if (values.delete(key)) order.splice(place, 1)
      return
    }
    if (!values.has(key)) order.splice(place, 0, key)
    values.set(key, value)
  }

  function scan({ from, to, limit, reverse = false }: Range): Page[] {
    requireOpen()
    const [first, end] = [placeOf(order, from), placeOf(order, to)]
    const count = Math.max(0, Math.min(end - first, limit ?? end - first))
    const keys = reverse ? order.slice(end - count, end).reverse() : order.slice(first, first + count)
    return keys.map((key) => ({ key, value: values.get(key) }))
  }

  return {
    async read(keys) {
      requireOpen()
      return keys.map((key) => values.get(key))
    },
    scan: async (range) => scan(range),
    follow: async (range, target) =>
      scan(range).map((page) => ({ key: target(page.key), value: values.get(target(page.key)) })),
    write: async (batch) => batch.forEach(put),
    sync: async () => {},
    async close() {
      closed = true
    },
  }
}

/** Where `key` is, or would be, in a sorted list. */
function placeOf(order: string[], key: string): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((order[middle] ?? "") < key) low = middle + 1
    else high = middle
  }
  return low
}
