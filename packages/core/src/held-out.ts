/** Held-out checks: acceptance checks that the agent at work never sees. */
import { z } from "zod"
import { Time } from "./project.ts"

export const HeldOutCheck = z.object({
  id: z.string(),
  projectId: z.string(),
  requirementId: z.string(),
  since: z.number().int().positive().describe("The wording that it is about, as `since` of the requirement"),
  title: z.string(),
  command: z.string(),
  files: z.array(z.object({ path: z.string(), content: z.string() })),
  failureSays: z.string().nullable().describe("What the agent is told when it fails"),
  status: z.enum(["active", "dropped", "discarded"]),
  why: z.string().nullable().describe("Why it was dropped by Aura or discarded by a person"),
  by: z.string().nullable().describe("Who discarded it"),
  result: z
    .object({
      treeHash: z.string(),
      passed: z.boolean(),
      exitCode: z.number().int().nullable(),
      durationMs: z.number().nonnegative(),
      outputDigest: z.string(),
    })
    .nullable()
    .describe("How it ended when it was run last"),
  createdAt: Time,
})
export type HeldOutCheck = z.infer<typeof HeldOutCheck>

/** What people see of one: neither command nor files, which a client could leave where the agent reads. */
export const HeldOutView = HeldOutCheck.omit({ command: true, files: true })
export type HeldOutView = z.infer<typeof HeldOutView>

/** In evidence: a held-out check that passed. */
export const HeldOutResult = z.object({
  id: z.string(),
  requirementId: z.string(),
  title: z.string(),
  treeHash: z.string(),
  durationMs: z.number().nonnegative(),
  outputDigest: z.string(),
  checkDigest: z
    .string()
    .optional()
    .describe(
      "sha256 of its command and files as canonical JSON: says which check it was, and not how it looks",
    ),
})
export type HeldOutResult = z.infer<typeof HeldOutResult>
