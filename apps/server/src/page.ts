/** One page of a list; the cursor is the id of the last row given. */

export type PageQuery = { limit?: number | undefined; cursor?: string | undefined }

const usual = 500

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
