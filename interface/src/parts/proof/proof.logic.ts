/** The list of requirements: labels of states, filters, and the links of rows. Pure. */
import { isOpen, type Ledger, type LedgerRow, type Loop, type RequirementState, type Task } from "@aura/core"

/** In the order a person looks at them: what needs them first. */
export const states = ["broken", "unproven", "in_work", "proven", "waived", "closed"] as const

export type ProofSearch = { state?: RequirementState; r?: string }

export function parseProofSearch(search: Record<string, unknown>): ProofSearch {
  const state = states.find((name) => name === search.state)
  return { ...(state ? { state } : {}), ...(typeof search.r === "string" ? { r: search.r } : {}) }
}

/** How many of those that the document still says are settled. */
export function toShare({ items, counts }: Ledger): { settled: number; total: number; open: LedgerRow[] } {
  return {
    settled: counts.proven + counts.waived,
    total: items.length - counts.closed,
    open: items.filter(isOpen),
  }
}

/** Tasks of a requirement, those with a commit first: they hold its proof. */
export function tasksOf({ taskIds }: Pick<LedgerRow, "taskIds">, tasks: readonly Task[]): Task[] {
  const named = tasks.filter(({ id }) => taskIds.includes(id))
  return named.toSorted((a, b) => Number(b.commit !== undefined) - Number(a.commit !== undefined))
}

/** A run that has ended by itself: what it proved is what one wants to see. */
export function hasResult(loop: Loop | undefined): boolean {
  return loop?.status === "finished" && loop.outcome !== "stopped" && loop.outcome !== "refused"
}
