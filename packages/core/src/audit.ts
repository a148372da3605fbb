/** One line of the audit log. */
import { z } from "zod"
import { Time } from "./project.ts"

export const AuditFacts = z.object({
  kind: z
    .string()
    .describe(
      "sign_in, sign_in_refused, sign_out, account, settings, api_key, project_…, tool, check, model, commit …",
    ),
  projectId: z.string().optional(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type AuditFacts = z.infer<typeof AuditFacts>

export const AuditLine = AuditFacts.extend({
  n: z.number().int().positive().describe("Counts from 1 without a gap"),
  at: Time,
  hash: z.string().describe("Seals this line and the one before it"),
})
export type AuditLine = z.infer<typeof AuditLine>
