/** A proposed change, field by field, in words. Pure. */
import type { ProposedChange } from "@aura/core"

export type FieldChange = { name: string; before: string; after: string }

const names = {
  title: "Title",
  description: "Description",
  markdown: "Text",
  dependsOn: "Needs",
  requirementIds: "Requirements",
  checks: "Checks",
} as const
const order = ["checks", "requirementIds", "title", "description", "markdown", "dependsOn"] as const

/** Those that differ, what counts as proof first. */
export function toFields({ before, after }: ProposedChange): FieldChange[] {
  return order.flatMap((field) => {
    const [one, other] = [toText(before[field]), toText(after[field])]
    return after[field] === undefined || one === other
      ? []
      : [{ name: names[field], before: one, after: other }]
  })
}

function toText(value: string | readonly string[] | undefined): string {
  return typeof value === "string" ? value : (value ?? []).join("\n")
}
