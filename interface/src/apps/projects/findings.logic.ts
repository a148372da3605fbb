/** Which findings a person still has to decide on, and the document with those that were taken. Pure. */
import { applyFinding, type Finding, isApplicable, type Plan } from "@aura/core"

export const findingWords: Readonly<Record<Finding["kind"], string>> = {
  gap: "Missing",
  contradiction: "Contradiction",
  uncheckable: "Cannot be checked",
  ambiguous: "Two meanings",
}

/** The newest look over the document; its findings count for the version it read alone. */
export function newestLook(plans: readonly Plan[] | undefined, version: number): Plan | undefined {
  return plans?.findLast((plan) => plan.step === "look_over" && plan.documentVersion === version)
}

/** The document with all of these, in their order. One whose passage an earlier one replaced is left out. */
export function takeFindings(markdown: string, findings: readonly Finding[]): string {
  return findings.reduce(applyFinding, markdown)
}

/** Those that can still be taken beside the ones that were. */
export function findOpen(
  markdown: string,
  findings: readonly Finding[],
  taken: ReadonlySet<Finding>,
): readonly Finding[] {
  const text = takeFindings(markdown, [...taken])
  return findings.filter((finding) => taken.has(finding) || isApplicable(finding, text))
}
