/** Every stored event, newest first. Only what is in sight is fetched and drawn. */
import { useSearch } from "@tanstack/react-router"
import { useVirtualizer } from "@tanstack/react-virtual"
import { useRef } from "react"
import { useConnection } from "../../api/live.ts"
import { logPage, useLogHead, useLogPage } from "../../api/queries/loops.ts"
import { useProjects } from "../../api/queries/projects.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { useThrottled } from "../../hooks/useThrottled.ts"
import { useTitle } from "../../hooks/useTitle.ts"
import { FilteredLines } from "./FilteredLines.tsx"
import { LogFilters } from "./LogFilters.tsx"
import { LogRow, rowHeight } from "./LogRow.tsx"
import { isFiltered } from "./log.logic.ts"

export default function Log() {
  useTitle("Log")
  const filter = useSearch({ from: "/shell/log" })
  const first = useLogHead()
  const heard = useThrottled(
    useConnection((connection) => connection.seq),
    500,
  )
  if (first.isError) return <Problem error={first.error} onRetry={() => void first.refetch()} />
  if (first.data === undefined) return <Loading rows={9} />
  const head = Math.max(first.data, heard)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-line border-b px-4 py-3 sm:px-6">
        <div className="mr-auto">
          <h1 className="font-semibold text-lg tracking-tight">Log</h1>
          <p className="text-ink-3 text-sm">
            {head.toLocaleString("en-US")} events, each stored before anything followed from it
          </p>
        </div>
        <LogFilters filter={filter} />
      </header>
      {head === 0 && <Empty title="Nothing has happened yet" />}
      {head > 0 &&
        (isFiltered(filter) ? <FilteredLines filter={filter} head={head} /> : <Lines head={head} />)}
    </div>
  )
}

function Lines({ head }: { head: number }) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: head,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => head - index,
    overscan: 20,
  })
  const shown = rows.getVirtualItems()
  const newest = pageOf(head - (shown[0]?.index ?? 0))
  const oldest = pageOf(head - (shown.at(-1)?.index ?? 0))
  const pages = [useLogPage(newest, head), useLogPage(oldest, head)]
  const lines = new Map(pages.flatMap((page) => page.data ?? []).map((line) => [line.seq, line]))
  const names = new Map(useProjects().data?.map((project) => [project.id, project.name]))
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
          const seq = head - row.index
          return (
            <LogRow
              key={row.key}
              seq={seq}
              line={lines.get(seq)}
              project={names.get(lines.get(seq)?.projectId ?? "")}
              start={row.start}
            />
          )
        })}
      </ol>
    </section>
  )
}

function pageOf(seq: number): number {
  return Math.max(0, Math.floor((seq - 1) / logPage))
}
