/** What an agent may do, and what it asks for beyond that. */
import { z } from "zod"
import { Time } from "./project.ts"

/** What of a task or a spec an agent wants changed; only the fields in question. */
const ChangedFields = z
  .object({
    title: z.string(),
    description: z.string(),
    markdown: z.string(),
    dependsOn: z.array(z.string()),
    requirementIds: z.array(z.string()),
    checks: z.array(z.string()),
  })
  .partial()
export type ChangedFields = z.infer<typeof ChangedFields>

export const ProposedChange = z.object({
  of: z.enum(["task", "spec"]),
  id: z.string(),
  title: z.string(),
  before: ChangedFields,
  after: ChangedFields,
})
export type ProposedChange = z.infer<typeof ProposedChange>

export const Ask = z.object({
  id: z.string(),
  projectId: z.string(),
  taskId: z.string().nullable().describe("The task that waits for the answer"),
  kind: z.enum(["network", "change", "review", "held_out"]),
  question: z.string(),
  detail: z.string().describe("The agent's reason"),
  hosts: z.array(z.string()).describe("What its commands want to reach"),
  change: ProposedChange.optional().describe("What is changed when it is allowed, of kind change"),
  heldOutId: z.string().optional().describe("The held-out check to discard, of kind held_out"),
  answer: z
    .object({ by: z.string(), reason: z.string().nullable() })
    .optional()
    .describe("Who answered, and why"),
  status: z.enum(["open", "allowed", "refused", "expired"]),
  createdAt: Time,
  expiresAt: Time,
  answeredAt: Time.nullable(),
})
export type Ask = z.infer<typeof Ask>
