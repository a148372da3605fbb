/** How far a run is, in one line: tasks, requirements, what is left, what was spent. Pure. */
import { describeProjection, type Project, type Projection, type Task } from "@aura/core"
import { describeSpending } from "../project/spending.logic.ts"

export type RunLineInput = {
  tasks: readonly Pick<Task, "status">[]
  /** How the requirements stand, as `toBoard` says it. */
  board: { total: number; text: string } | undefined
  projection: Projection | undefined
  project: Pick<Project, "rehearsal" | "budgetUsd" | "usage">
}

/** @returns parts to be set apart by dots; none while there are no tasks */
export function toRunLine({ tasks, board, projection, project }: RunLineInput): string[] {
  if (tasks.length === 0) return []
  const done = tasks.filter((task) => task.status === "done").length
  const left = projection && describeProjection(projection)
  return [
    `${done} of ${tasks.length} tasks done`,
    ...(board && board.total > 0 ? [`requirements: ${board.text}`] : []),
    ...(left ? [left] : []),
    describeSpending(project),
  ]
}
