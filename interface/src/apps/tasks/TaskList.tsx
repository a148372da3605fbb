/** Tasks as rows. Only those in sight are drawn, so that five hundred open as quickly as five. */
import type { Task } from "@aura/core"
import { useVirtualizer } from "@tanstack/react-virtual"
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { useReorder } from "../../hooks/useReorder.ts"
import { isSettled } from "../../parts/task/tasks.logic.ts"
import { TaskRow } from "./TaskRow.tsx"

type Props = {
  projectId: string
  /** All tasks of the project, those that are not shown included. */
  all: readonly Task[]
  shown: readonly Task[]
  scroller: RefObject<HTMLDivElement | null>
}

export default function TaskList({ projectId, all, shown, scroller }: Props) {
  const byId = useMemo(() => new Map(all.map((task) => [task.id, task])), [all])
  const update = useCommand("updateTask")
  const reorder = useReorder((id, order) =>
    update.mutate({ params: { p: projectId, t: id }, body: { order } }),
  )
  const list = useRef<HTMLOListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 43,
    getItemKey: (index) => shown[index]?.id ?? index,
    scrollMargin: top,
    overscan: 12,
  })
  const inSight = rows.getVirtualItems()
  return (
    <ol ref={list} className="-mx-3 relative" style={{ height: rows.getTotalSize() }}>
      {inSight.map((row) => {
        const task = shown[row.index]
        return (
          task && (
            <TaskRow
              key={task.id}
              ref={rows.measureElement}
              index={row.index}
              of={shown.length}
              start={row.start - top}
              task={task}
              byId={byId}
              moving={reorder.row(task.id, task.order, !isSettled(task))}
            />
          )
        )
      })}
    </ol>
  )
}
