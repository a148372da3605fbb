/** Whole-product proof: a fresh clone, built and used by a session that did not write it. */
import { z } from "zod"
import { Time } from "./project.ts"

export const ProductFailure = z.object({
  requirementId: z.string(),
  what: z.string(),
  expected: z.string(),
  seen: z.string(),
  command: z.string().nullable().describe("Reproduces it; null where a held-out check does"),
  exitCode: z.number().int().nullable(),
  taskId: z.string().nullable().describe("The task that was made of it"),
})
export type ProductFailure = z.infer<typeof ProductFailure>

/** One round, on one tree. */
export const ProductProof = z.object({
  id: z.string(),
  projectId: z.string(),
  loopId: z.string(),
  treeHash: z.string(),
  documentId: z.string().describe("The version of the requirements"),
  sessionId: z.string().nullable(),
  by: z.enum(["held_out", "product"]).describe("Held-out checks, or a session that uses the product"),
  outcome: z.enum(["proven", "failed", "skipped"]),
  why: z.string().nullable().describe("Why it was skipped"),
  failures: z.array(ProductFailure),
  proven: z.array(z.object({ requirementId: z.string(), how: z.string() })),
  at: Time,
})
export type ProductProof = z.infer<typeof ProductProof>
