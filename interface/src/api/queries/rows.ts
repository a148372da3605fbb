/** Rows are fetched once and from then on kept fresh by `apply`. */
import type { Row, Table } from "@aura/core"
import { QueryClient, type UseQueryResult, useQuery } from "@tanstack/react-query"
import type { Where } from "../apply.logic.ts"
import { fetchRows, rowsKey } from "../apply.ts"

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: "always",
        retry: 1,
        retryDelay: 600,
      },
      mutations: { networkMode: "always" },
    },
  })
}

export type Rows<T extends Table> = UseQueryResult<readonly Row<T>[]>

type Page = { limit?: number; cursor?: string }
type Load<R> = (page: Page) => Promise<{ items: R[]; next: string | null }>

export function useRows<T extends Table>(
  table: T,
  where: Where,
  load: Load<Row<T>>,
  enabled = true,
): Rows<T> {
  return useQuery({
    queryKey: rowsKey(table, where),
    queryFn: () => fetchRows(table, where, () => loadAll(load)),
    enabled,
  })
}

export async function loadAll<R>(load: Load<R>): Promise<R[]> {
  const items: R[] = []
  let cursor: string | null | undefined
  do {
    const page = await load(cursor ? { limit: 1000, cursor } : { limit: 1000 })
    items.push(...page.items)
    cursor = page.next
  } while (cursor)
  return items
}
