/** The ledger as people see it: every requirement a document ever had, and how it stands. */
import { z } from "zod"
import { LedgerEntry } from "./project.ts"
import { Waiver } from "./waiver.ts"

export const RequirementState = z
  .enum(["proven", "unproven", "in_work", "broken", "waived", "closed"])
  .describe(
    "proven: every task that names it is done, one at least with evidence for its present wording · broken: a task of it failed, is blocked or lost its commit, or the wording changed since the proof · closed: the document does not say it any more",
  )
export type RequirementState = z.infer<typeof RequirementState>

export const LedgerRow = LedgerEntry.extend({
  state: RequirementState,
  line: z.number().int().positive().nullable(),
  unsure: z.boolean(),
  why: z.string().nullable().describe("Why it is not proven, for a person"),
  taskIds: z.array(z.string()),
  waiver: Waiver.nullable(),
})
export type LedgerRow = z.infer<typeof LedgerRow>

export const Ledger = z.object({
  version: z.number().int().positive().describe("Of the document"),
  items: z.array(LedgerRow).describe("In the order of the document, closed ones last"),
  counts: z.record(RequirementState, z.number().int().nonnegative()),
})
export type Ledger = z.infer<typeof Ledger>
