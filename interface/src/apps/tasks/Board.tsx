/** Tasks in a column for each status. */
import { type Task, taskStatuses } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { formatMoney } from "../../components/format.ts"
import { RequirementChips } from "../../components/RequirementChips.tsx"
import { StatusIcon, statusWords } from "../../components/StatusIcon.tsx"

/** Columns that are there even when they are empty. */
const usual = new Set(["ready", "in_progress", "done"])

export default function Board({ tasks }: { tasks: readonly Task[] }) {
  const byStatus = Map.groupBy(tasks, (task) => task.status)
  const columns = taskStatuses.filter((status) => usual.has(status) || byStatus.has(status))
  return (
    <div className="flex min-h-0 flex-1 gap-3 overflow-x-auto px-4 pb-4 sm:px-6">
      {columns.map((status) => {
        const own = byStatus.get(status) ?? []
        return (
          <section
            key={status}
            aria-label={statusWords[status]}
            className="flex min-h-0 w-72 min-w-60 flex-1 flex-col rounded-lg bg-sunken"
          >
            <h2 className="flex shrink-0 items-center gap-2 px-3 pt-2.5 pb-2 text-sm">
              <StatusIcon status={status} className="size-3.5" />
              <span className="font-medium first-letter:uppercase">{statusWords[status]}</span>
              <span className="text-ink-3 tabular-nums">{own.length}</span>
            </h2>
            <ol className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto px-2 pb-2">
              {own.map((task) => (
                <li key={task.id} className="[contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]">
                  <Card task={task} />
                </li>
              ))}
            </ol>
          </section>
        )
      })}
    </div>
  )
}

function Card({ task }: { task: Task }) {
  const { projectId, id: taskId } = task
  return (
    <article className="relative rounded-md border border-line bg-surface px-3 py-2 hover:border-line-strong">
      <Link
        to="/projects/$projectId/tasks/$taskId"
        params={{ projectId, taskId }}
        data-row
        className="text-pretty text-sm outline-none after:absolute after:inset-0 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
      >
        <span className="text-ink-3 tabular-nums">{task.order} </span>
        {task.title}
      </Link>
      <p className="mt-1.5 flex items-center gap-2 text-ink-3 text-xs tabular-nums">
        <span className="relative min-w-0 flex-1">
          <RequirementChips projectId={projectId} ids={task.requirementIds} limit={3} />
        </span>
        {task.usage.costUsd > 0 && formatMoney(task.usage.costUsd)}
      </p>
    </article>
  )
}
