/** A person's word that a requirement need not be proven. */
import { z } from "zod"
import { Time } from "./project.ts"

export const Waiver = z.object({
  id: z.string(),
  projectId: z.string(),
  requirementId: z.string(),
  since: z.number().int().positive().describe("The wording that it is about, as `since` of the requirement"),
  reason: z.string(),
  by: z.string().describe("Name of the login"),
  createdAt: Time,
})
export type Waiver = z.infer<typeof Waiver>

export const CreateWaiver = z.strictObject({
  requirementId: z.string().regex(/^R\d+$/),
  reason: z.string().trim().min(1).max(2000),
})
export type CreateWaiver = z.infer<typeof CreateWaiver>
