/** The events that fit a filter, newest first; older ones are fetched as they come into sight. */
import { Link } from "@tanstack/react-router"
import { useVirtualizer } from "@tanstack/react-virtual"
import { useEffect, useRef } from "react"
import { type LogFilter, useLogSearch } from "../../api/queries/loops.ts"
import { useProjects } from "../../api/queries/projects.ts"
import { buttonClass } from "../../components/Button.tsx"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { LogRow, rowHeight } from "./LogRow.tsx"

/** @param head the newest event there is: when it moves, the answer is asked for again */
export function FilteredLines({ filter, head }: { filter: LogFilter; head: number }) {
  const found = useLogSearch(filter)
  const { refetch, fetchNextPage } = found
  const asked = useRef(head)
  useEffect(() => {
    if (asked.current === head) return
    asked.current = head
    void refetch()
  }, [head, refetch])
  const scroller = useRef<HTMLDivElement>(null)
  const lines = found.data?.pages.flatMap((page) => page.items) ?? []
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => lines[index]?.seq ?? index,
    overscan: 20,
  })
  const shown = rows.getVirtualItems()
  const nearEnd = (shown.at(-1)?.index ?? 0) >= lines.length - 1
  const wantsMore = nearEnd && found.hasNextPage && !found.isFetching
  useEffect(() => {
    if (wantsMore) void fetchNextPage()
  }, [wantsMore, fetchNextPage])
  const names = new Map(useProjects().data?.map((project) => [project.id, project.name]))
  if (found.isError) return <Problem error={found.error} onRetry={() => void refetch()} />
  if (!found.data || (lines.length === 0 && found.hasNextPage)) return <Loading rows={9} />
  if (lines.length === 0) {
    return (
      <Empty
        title="No event fits"
        actions={
          <Link to="/log" className={buttonClass()}>
            Show all
          </Link>
        }
      >
        Nothing of this kind has happened yet.
      </Empty>
    )
  }
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Events"
      className="min-h-0 flex-1 overflow-auto -outline-offset-2"
    >
      <ol className="relative min-w-[44rem]" style={{ height: rows.getTotalSize() }}>
        {shown.map((row) => {
          const line = lines[row.index]
          return (
            <LogRow
              key={row.key}
              seq={line?.seq ?? 0}
              line={line}
              project={names.get(line?.projectId ?? "")}
              start={row.start}
            />
          )
        })}
      </ol>
    </section>
  )
}
