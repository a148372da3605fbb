/** Every task as a cell in order: one glance at how far the run is. Arrow keys move along it. */
import type { Task } from "@aura/core"
import { type KeyboardEvent, memo, useRef, useState } from "react"
import { cx } from "../../components/cx.ts"
import { statusWords } from "../../components/StatusIcon.tsx"
import { toTallies } from "../../parts/task/tasks.logic.ts"
import { useChangeView } from "./useRunView.ts"

const cells: Readonly<Record<Task["status"], string>> = {
  pending: "border border-line-strong",
  ready: "border border-ink-3",
  in_progress: "bg-accent animate-breathe",
  done: "bg-ok",
  failed: "bg-bad",
  blocked: "bg-warn",
}

const marks: Partial<Record<Task["status"], string>> = { failed: "×", blocked: "–" }

export const Spine = memo(function Spine({
  tasks,
  current,
}: {
  tasks: readonly Task[]
  current: string | undefined
}) {
  const [focus, setFocus] = useState(0)
  const row = useRef<HTMLDivElement>(null)
  const change = useChangeView()
  if (tasks.length === 0) return null
  const active = Math.min(focus, tasks.length - 1)

  function press(event: KeyboardEvent): void {
    const to = { ArrowRight: active + 1, ArrowLeft: active - 1, Home: 0, End: tasks.length - 1 }[event.key]
    if (to === undefined || to < 0 || to >= tasks.length) return
    event.preventDefault()
    setFocus(to)
    row.current?.querySelectorAll<HTMLElement>("[role=option]")[to]?.focus()
  }

  function open(task: Task): void {
    change({ task: task.id, session: undefined, file: undefined, panel: undefined })
  }

  const summary = toTallies(tasks)
    .map((tally) => `${tally.count} ${statusWords[tally.status]}`)
    .join(", ")
  return (
    <div
      ref={row}
      role="listbox"
      aria-label={`Progress: ${summary}`}
      onKeyDown={press}
      className="flex max-h-16 flex-wrap gap-0.75 overflow-y-auto p-0.5"
    >
      {tasks.map((task, place) => (
        <div
          key={task.id}
          role="option"
          aria-selected={task.id === current}
          tabIndex={place === active ? 0 : -1}
          title={`${task.order}. ${task.title} (${statusWords[task.status]})`}
          aria-label={`${task.order}. ${task.title}, ${statusWords[task.status]}`}
          onFocus={() => setFocus(place)}
          onClick={() => open(task)}
          onKeyDown={(event) => event.key === "Enter" && open(task)}
          className={cx(
            "flex cursor-pointer items-center justify-center rounded-[3px] font-semibold text-surface text-xs leading-none hover:opacity-75",
            tasks.length > 120 ? "h-2.5 w-2.5" : "h-3 min-w-3 flex-1",
            cells[task.status],
          )}
        >
          <span aria-hidden="true">{tasks.length > 120 ? "" : marks[task.status]}</span>
        </div>
      ))}
    </div>
  )
})
