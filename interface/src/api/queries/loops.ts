/** Loops, comments, the log and search. */
import type { Hit, LogLine } from "@aura/core"
import { type UseQueryResult, useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { client } from "../client.ts"
import { type Rows, useRows } from "./rows.ts"

export function useLoops(projectId: string, fetched = true): Rows<"loops"> {
  return useRows(
    "loops",
    { projectId },
    async () => {
      const state = await client.call("getLoop", { params: { p: projectId } })
      const others = state.loops.filter((loop) => loop.id !== state.loop?.id)
      return { items: state.loop ? [...others, state.loop] : others, next: null }
    },
    fetched,
  )
}

export function useComments(projectId: string): Rows<"comments"> {
  return useRows("comments", { projectId }, (query) =>
    client.call("listComments", { params: { p: projectId }, query }),
  )
}

/** So many lines of the log are fetched at once. */
export const logPage = 200

/**
 * One page of the log, counted from the first event.
 * @param head the newest event, while the page is not full yet
 */
export function useLogPage(page: number, head: number): UseQueryResult<readonly LogLine[]> {
  const isFull = head >= (page + 1) * logPage
  return useQuery({
    queryKey: ["log", page, isFull ? "full" : head],
    queryFn: async () =>
      (await client.call("listLog", { query: { after: page * logPage, limit: logPage } })).items,
    placeholderData: (before) => before,
  })
}

export type LogFilter = { project?: string; kind?: string; problems?: "true" }

/** Events that fit, newest first, page by page. */
export function useLogSearch(filter: LogFilter) {
  return useInfiniteQuery({
    queryKey: ["log-search", filter],
    queryFn: ({ pageParam }) =>
      client.call("searchLog", {
        query: { ...filter, limit: logPage, before: pageParam },
      }),
    initialPageParam: Number.MAX_SAFE_INTEGER,
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 0,
  })
}

/** The number of the newest event when the log was opened; from then on `live` knows it. */
export function useLogHead(): UseQueryResult<number> {
  return useQuery({
    queryKey: ["log-head"],
    queryFn: async () => (await client.call("listLog", { query: { limit: 1 } })).head,
    staleTime: 0,
    gcTime: 0,
  })
}

/** What holds these words, the project on screen first. */
export function useSearchHits(words: string, projectId: string | undefined): UseQueryResult<readonly Hit[]> {
  return useQuery({
    queryKey: ["search", words, projectId],
    queryFn: async ({ signal }) =>
      (
        await client.call(
          "search",
          { query: { q: words, ...(projectId ? { project: projectId } : {}) } },
          { signal },
        )
      ).items,
    enabled: words.length > 1,
    staleTime: 5_000,
    placeholderData: (before) => before,
  })
}
