/** Specs and tasks in order, beside the run: one click shows what a task did and changed. */
import type { Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { useVirtualizer } from "@tanstack/react-virtual"
import { Radio } from "lucide-react"
import { memo, useEffect, useMemo, useRef } from "react"
import { useSpecs } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { cx } from "../../components/cx.ts"
import { StatusIcon, StatusWord } from "../../components/StatusIcon.tsx"
import { type OutlineRow, toOutline } from "./outline.logic.ts"
import { useChangeView, useRunView } from "./useRunView.ts"

type Props = { projectId: string; atHand: string | undefined }

export default function Outline({ projectId, atHand }: Props) {
  const specs = useSpecs(projectId).data
  const tasks = useTasks(projectId).data
  const rows = useMemo(() => toOutline(specs ?? [], tasks ?? []), [specs, tasks])
  const view = useRunView()
  const change = useChangeView()
  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === "spec" ? 38 : 32),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
  })
  const shownTask = view.task ?? atHand
  const place = rows.findIndex((row) => row.key === shownTask)
  useEffect(() => {
    if (place >= 0) list.scrollToIndex(place, { align: "auto" })
  }, [place, list])
  const isFollowing = !view.task && !view.session
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="shrink-0 px-2 pt-2">
        <button
          type="button"
          data-row
          aria-current={isFollowing ? "true" : undefined}
          onClick={() => change({ task: undefined, session: undefined, panel: undefined })}
          className={cx(
            "flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left text-sm pointer-coarse:py-2.5",
            isFollowing ? "bg-hover font-medium text-ink" : "text-ink-2 hover:bg-hover",
          )}
        >
          <Radio
            aria-hidden="true"
            className={cx("size-4 shrink-0", isFollowing ? "text-accent" : "text-ink-3")}
          />
          What happens now
        </button>
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        <ol aria-label="Specs and tasks" className="relative" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => {
            const row = rows[item.index]
            return (
              <li
                key={item.key}
                className="absolute inset-x-0"
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                aria-setsize={rows.length}
                aria-posinset={item.index + 1}
              >
                {row && (
                  <Row row={row} projectId={projectId} chosen={row.key === view.task} onPick={change} />
                )}
              </li>
            )
          })}
        </ol>
      </div>
    </div>
  )
}

type RowProps = {
  row: OutlineRow
  projectId: string
  chosen: boolean
  onPick: ReturnType<typeof useChangeView>
}

const Row = memo(function Row({ row, projectId, chosen, onPick }: RowProps) {
  if (row.kind === "task") {
    return <TaskLine task={row.task} chosen={chosen} onPick={onPick} />
  }
  return (
    <Link
      to="/projects/$projectId/specs/$specId"
      params={{ projectId, specId: row.spec.id }}
      className="flex h-full items-end gap-2 rounded-md px-2 pb-1.5 font-medium text-ink-3 text-xs hover:text-ink"
    >
      <span className="min-w-0 flex-1 truncate">{row.spec.title}</span>
      <span className="shrink-0 font-normal tabular-nums">
        {row.done}/{row.total}
      </span>
    </Link>
  )
})

type TaskLineProps = { task: Task; chosen: boolean; onPick: ReturnType<typeof useChangeView> }

function TaskLine({ task, chosen, onPick }: TaskLineProps) {
  return (
    <button
      type="button"
      data-row
      aria-current={chosen ? "true" : undefined}
      onClick={() => onPick({ task: task.id, session: undefined, file: undefined, panel: undefined })}
      title={task.title}
      className={cx(
        "flex h-full w-full items-center gap-2 rounded-md px-2 text-left text-sm",
        chosen ? "bg-accent-soft text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
      )}
    >
      <StatusIcon status={task.status} className="size-3.5" />
      <span className="min-w-0 flex-1 truncate">{task.title}</span>
      <StatusWord status={task.status} className="sr-only" />
    </button>
  )
}
