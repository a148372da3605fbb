/** One line of the log. */
import type { LogLine } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { memo } from "react"
import { formatTime } from "../../components/format.ts"

export const rowHeight = 30

type Props = { seq: number; line: LogLine | undefined; project: string | undefined; start: number }

export const LogRow = memo(function LogRow({ seq, line, project, start }: Props) {
  return (
    <li
      className="absolute inset-x-0 border-line border-b"
      style={{ height: rowHeight, transform: `translateY(${start}px)` }}
    >
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
    </li>
  )
})
