/** The board of requirements in miniature: how many are in which state, as parts of a bar and in words. Pure. */
import type { Ledger, RequirementState } from "@aura/core"

const shown = ["proven", "waived", "in_work", "unproven", "broken"] as const
type Shown = (typeof shown)[number]

export type BoardPart = { state: Shown; count: number; share: number }

/** @returns parts of the bar in order, those that are empty left out; none for a document without requirements */
export function toBoard({ counts }: Pick<Ledger, "counts">): {
  parts: BoardPart[]
  total: number
  text: string
} {
  const total = shown.reduce((sum, state) => sum + counts[state], 0)
  const parts = shown.flatMap((state) =>
    counts[state] > 0 ? [{ state, count: counts[state], share: counts[state] / total }] : [],
  )
  return { parts, total, text: toText(counts, total) }
}

function toText(counts: Readonly<Record<RequirementState, number>>, total: number): string {
  if (total === 0) return "No requirements"
  const more = (["waived", "broken"] as const).flatMap((state) =>
    counts[state] > 0 ? [`${counts[state]} ${state}`] : [],
  )
  return [`${counts.proven} of ${total} proven`, ...more].join(", ")
}
