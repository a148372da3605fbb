/** Every stored event, newest first. Only what is in sight is fetched and drawn. */
import type { LogLine } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { useVirtualizer } from "@tanstack/react-virtual"
import { memo, useRef } from "react"
import { useConnection } from "../../api/live.ts"
import { logPage, useLogHead, useLogPage, useProjects } from "../../api/queries.ts"
import { formatTime } from "../../components/format.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { useThrottled } from "../../hooks/useThrottled.ts"
import { useTitle } from "../../hooks/useTitle.ts"

const rowHeight = 30

export default function Log() {
  useTitle("Log")
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
      <header className="shrink-0 border-line border-b px-4 py-3 sm:px-6">
        <h1 className="font-semibold text-lg tracking-tight">Log</h1>
        <p className="text-ink-3 text-sm">
          {head.toLocaleString("en-US")} events, each stored before anything followed from it
        </p>
      </header>
      {head === 0 ? <Empty title="Nothing has happened yet" /> : <Lines head={head} />}
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
            <li
              key={row.key}
              className="absolute inset-x-0 border-line border-b"
              style={{ height: rowHeight, transform: `translateY(${row.start}px)` }}
            >
              <Line seq={seq} line={lines.get(seq)} project={names.get(lines.get(seq)?.projectId ?? "")} />
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function pageOf(seq: number): number {
  return Math.max(0, Math.floor((seq - 1) / logPage))
}

type LineProps = { seq: number; line: LogLine | undefined; project: string | undefined }

const Line = memo(function Line({ seq, line, project }: LineProps) {
  return (
    <div className="grid h-full grid-cols-[4.5rem_7rem_10rem_minmax(0,1fr)_10rem] items-center gap-3 px-4 text-sm sm:px-6">
      <span className="text-right text-ink-3 tabular-nums">{seq}</span>
      <span className="truncate text-ink-3 tabular-nums">{line && formatTime(line.at)}</span>
      <span className="truncate font-mono text-xs">{line?.type}</span>
      <span className="truncate text-ink-2" title={line?.text}>
        {line?.text}
      </span>
      {project && line?.projectId && (
        <Link
          to="/projects/$projectId"
          params={{ projectId: line.projectId }}
          tabIndex={-1}
          className="truncate text-ink-3 hover:underline"
        >
          {project}
        </Link>
      )}
    </div>
  )
})
