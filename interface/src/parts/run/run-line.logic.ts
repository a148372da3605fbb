/** How far a run is, in one line: tasks, requirements, what is left, what was spent. Pure. */
import { describeProjection, type Projection, type Task } from "@aura/core"
import { formatMoney } from "../../components/format.ts"

export type RunLineInput = {
  tasks: readonly Pick<Task, "status">[]
  /** Of the requirements, how many are proven or waived. */
  requirements: { settled: number; total: number } | undefined
  projection: Projection | undefined
  spentUsd: number
  budgetUsd: number | null
}

/** @returns parts to be set apart by dots; none while there are no tasks */
export function toRunLine({ tasks, requirements, projection, spentUsd, budgetUsd }: RunLineInput): string[] {
  if (tasks.length === 0) return []
  const done = tasks.filter((task) => task.status === "done").length
  const left = projection && describeProjection(projection)
  return [
    `${done} of ${tasks.length} tasks done`,
    ...(requirements && requirements.total > 0
      ? [`${requirements.settled} of ${requirements.total} requirements proven`]
      : []),
    ...(left ? [left] : []),
    `${formatMoney(spentUsd)} spent${budgetUsd === null ? "" : ` of ${formatMoney(budgetUsd)}`}`,
  ]
}
