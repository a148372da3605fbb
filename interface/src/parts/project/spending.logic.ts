/** What a project has cost, in words. Pure. */
import type { Project } from "@aura/core"
import { formatMoney } from "../../components/format.ts"

/** A rehearsal's words come from a script: its cost is simulated, and nobody pays it. */
export function describeSpending({
  rehearsal,
  usage,
  budgetUsd,
}: Pick<Project, "rehearsal" | "usage" | "budgetUsd">): string {
  if (rehearsal) return "rehearsal, costs nothing"
  const spent = `${formatMoney(usage.costUsd)} spent`
  return budgetUsd === null ? spent : `${spent} of ${formatMoney(budgetUsd)}`
}
