/** One task in the list. */
import type { Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { memo, type Ref } from "react"
import { formatDuration, formatMoney } from "../../components/format.ts"
import { RequirementChips } from "../../components/RequirementChips.tsx"
import { StatusIcon, StatusWord } from "../../components/StatusIcon.tsx"
import { useNow } from "../../hooks/useNow.ts"
import type { useReorder } from "../../hooks/useReorder.ts"
import { findHolding, workedMs } from "../../parts/task/tasks.logic.ts"

type NoteProps = { task: Task; byId: ReadonlyMap<string, Task> }
type Props = NoteProps & {
  ref: Ref<HTMLLIElement>
  /** Its position in the visible list. */
  index: number
  of: number
  start: number
  moving: ReturnType<ReturnType<typeof useReorder>["row"]>
}

export const TaskRow = memo(function TaskRow(props: Props) {
  const { task, byId, moving, ref, index, of, start } = props
  return (
    <li
      {...moving}
      ref={ref}
      data-index={index}
      aria-setsize={of}
      aria-posinset={index + 1}
      style={{ transform: `translateY(${start}px)` }}
      className="absolute inset-x-0 top-0 data-over:bg-accent-soft border-line border-b last:border-0"
    >
      <div className="flex items-start gap-3 rounded-md px-3 py-2.5 hover:bg-hover">
        <StatusIcon status={task.status} className="mt-0.75" />
        <span className="w-6 shrink-0 text-right text-ink-3 text-sm leading-5.5 tabular-nums">
          {task.order}
        </span>
        <span className="min-w-0 flex-1">
          <Link
            to="/projects/$projectId/tasks/$taskId"
            params={{ projectId: task.projectId, taskId: task.id }}
            data-row
            className="text-pretty outline-none after:absolute after:inset-0 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
          >
            {task.title}
          </Link>
          <Note task={task} byId={byId} />
        </span>
        <span className="relative hidden w-32 shrink-0 justify-end pt-0.5 md:flex">
          <RequirementChips projectId={task.projectId} ids={task.requirementIds} limit={3} />
        </span>
        <Figures task={task} />
        <StatusWord status={task.status} className="w-20 shrink-0 text-right text-sm leading-5.5" />
      </div>
    </li>
  )
})

/** Under the title: why it failed, or what it waits for. */
function Note({ task, byId }: NoteProps) {
  if ((task.status === "failed" || task.status === "blocked") && task.failure) {
    return <span className="mt-0.5 line-clamp-2 text-ink-2 text-sm">{task.failure}</span>
  }
  const others = task.status === "pending" ? findHolding(task, byId) : []
  if (others.length === 0) return null
  return (
    <span className="mt-0.5 flex flex-wrap gap-x-1 text-ink-3 text-sm">
      after
      {others.map((other, place) => (
        <span key={other.id}>
          <Link
            to="/projects/$projectId/tasks/$taskId"
            params={{ projectId: other.projectId, taskId: other.id }}
            className="relative hover:text-ink hover:underline"
          >
            {other.title}
          </Link>
          {place < others.length - 1 && ","}
        </span>
      ))}
    </span>
  )
}

function Figures({ task }: { task: Task }) {
  const now = useNow(task.status === "in_progress")
  const worked = workedMs(task, now)
  return (
    <span className="hidden w-56 shrink-0 justify-end gap-3 whitespace-nowrap text-ink-3 text-sm leading-5.5 tabular-nums lg:flex">
      {task.attempts > 1 && <span>{task.attempts} attempts</span>}
      {task.usage.costUsd > 0 && <span>{formatMoney(task.usage.costUsd)}</span>}
      <span className="w-20 text-right">{worked === undefined ? "" : formatDuration(worked)}</span>
    </span>
  )
}
