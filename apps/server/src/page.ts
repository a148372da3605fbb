/** One page of a list; the cursor is the id of the last row given. */

export type PageQuery = { limit?: number | undefined; cursor?: string | undefined }

const usual = 500

/** The same for rows that are read page by page. @param read gives the rows behind an id */
export async function readPage<T extends { id: string }>(
  query: PageQuery,
  read: (page: { after: string | undefined; limit: number }) => Promise<T[]>,
): Promise<{ items: T[]; next: string | null }> {
  const limit = query.limit ?? usual
  const rows = await read({ after: query.cursor, limit: limit + 1 })
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

export function toPage<T extends { id: string }>(
  rows: readonly T[],
  query: PageQuery,
): { items: T[]; next: string | null } {
  const start = query.cursor === undefined ? 0 : rows.findIndex((row) => row.id === query.cursor) + 1
  const items = rows.slice(start, start + (query.limit ?? usual))
  const last = items.at(-1)
  const isMore = start + items.length < rows.length
  return { items, next: isMore && last ? last.id : null }
}
