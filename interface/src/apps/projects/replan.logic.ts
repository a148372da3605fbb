/** What a change of the document does to the plan, in words. Pure. */
import type { Replan } from "@aura/core"
import { count, formatMoney } from "../../components/format.ts"

/** False when there is nothing to look at before it is saved. */
export function changesPlan({ reopened, closed, planned, leftOut, doubts }: Replan): boolean {
  return [reopened, closed, planned, leftOut, doubts].some(({ length }) => length > 0)
}

export function describeProjection({ projection }: Replan): string {
  const { tasks, costUsd, leftUsd } = projection
  const cost = costUsd === null ? "at a price nobody knows yet" : `for about ${formatMoney(costUsd)}`
  const left = leftUsd === null ? "" : `; ${formatMoney(Math.max(0, leftUsd))} of the budget are left`
  return `${count(tasks, "task")} ${cost}${left}.`
}
