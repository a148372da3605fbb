/** One page of a list; the cursor is the id of the last row given. */
import type { RowPage } from "@aura/store"

export type PageQuery = {
  limit?: number | undefined
  cursor?: string | undefined
  reverse?: "true" | undefined
}

const usual = 500

/** Reads one page, so that the cost does not depend on its position. */
export async function readPage<T extends { id: string }>(
  query: PageQuery,
  read: (page: RowPage) => Promise<T[]>,
): Promise<{ items: T[]; next: string | null }> {
  const limit = query.limit ?? usual
  const rows = await read({ after: query.cursor, limit: limit + 1, reverse: query.reverse === "true" })
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** The same for rows that are already loaded, in any order. */
export function toPage<T extends { id: string }>(
  all: readonly T[],
  query: PageQuery,
): { items: T[]; next: string | null } {
  const rows = query.reverse === "true" ? all.toReversed() : all
  const start = query.cursor === undefined ? 0 : rows.findIndex((row) => row.id === query.cursor) + 1
  const items = rows.slice(start, start + (query.limit ?? usual))
  const last = items.at(-1)
  const isMore = start + items.length < rows.length
  return { items, next: isMore && last ? last.id : null }
}
