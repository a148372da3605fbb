/** The certificate: what was proven and decided in a project, as a signed chain that can be handed to somebody else. */
import { z } from "zod"
import { HeldOutResult } from "./held-out.ts"
import { RequirementState } from "./ledger.ts"
import { ProductFailure, ProductProof } from "./product-proof.ts"
import { LedgerEntry, Time } from "./project.ts"
import { CheckResult, Environment, ProofFinding, ReviewVerdict, UnnoticedFault } from "./task.ts"

const digest = z.string().regex(/^[0-9a-f]{64}$/)

export const CertifiedCheck = CheckResult.pick({
  command: true,
  source: true,
  passed: true,
  exitCode: true,
  durationMs: true,
  outputDigest: true,
  treeHash: true,
  failedBefore: true,
  changed: true,
}).strict()

/** What a proof is about; its digest stands in the commit, as the trailer Aura-Evidence. */
export const ProofFacts = z.strictObject({
  taskId: z.string(),
  at: Time,
  treeHash: z.string(),
  place: z.literal("clean checkout").describe("Where the checks ran"),
  checks: z.array(CertifiedCheck).min(1),
  requirements: z.record(z.string(), z.number().int().positive()).describe("Which wording of each it proves"),
  environment: Environment.nullable(),
  foreignFiles: z.array(z.string()),
  uncommitted: z.array(z.string()),
  findings: z.array(ProofFinding.strict()),
  keepsBehaviour: z.string().nullable(),
  heldOut: z.array(HeldOutResult.strict()).optional().describe("Held-out checks that passed on the tree"),
  unnoticed: z
    .array(UnnoticedFault.strict())
    .optional()
    .describe("Faults that Aura put into the changed lines and that no check noticed"),
  reviews: z.array(ReviewVerdict.strict()).optional().describe("All verdicts on the task, oldest first"),
})
export type ProofFacts = z.infer<typeof ProofFacts>

export const CertificateFact = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("proof"),
    at: Time,
    by: z.literal("Aura"),
    title: z.string(),
    commit: z.string().nullable(),
    files: z.array(z.string()).describe("Changed by the task"),
    facts: ProofFacts,
    digest,
    superseded: z
      .strictObject({ at: Time, reason: z.string().nullable() })
      .nullable()
      .describe("The task was reopened since"),
  }),
  z.strictObject({
    kind: z.literal("product"),
    at: Time,
    by: z.literal("Aura"),
    ...ProductProof.pick({ treeHash: true, outcome: true, why: true, proven: true }).shape,
    tried: ProductProof.shape.by,
    documentVersion: z.number().int().positive().nullable(),
    failures: z.array(ProductFailure.strict()),
  }),
  z.strictObject({
    kind: z.literal("decision"),
    at: Time,
    by: z.string(),
    what: z.enum(["waived", "allowed", "refused", "went_on_without_commit", "accepted"]),
    about: z.string().describe("A requirement's or a task's id"),
    text: z.string(),
  }),
])
export type CertificateFact = z.infer<typeof CertificateFact>

export const CertificateLink = z.strictObject({
  n: z.number().int().positive(),
  fact: CertificateFact,
  previous: digest,
  hash: digest.describe("sha256 of n, fact and previous as canonical JSON"),
})

export const CertifiedRequirement = LedgerEntry.extend({
  state: RequirementState,
  why: z.string().nullable(),
  taskIds: z.array(z.string()),
}).strict()

export const CertifiedTask = z.strictObject({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  commit: z.string().nullable(),
  isCommitMissing: z.boolean(),
  requirementIds: z.array(z.string()),
  costUsd: z.number(),
})

export const Certificate = z.strictObject({
  kind: z.literal("aura-certificate"),
  format: z.literal(1),
  madeAt: Time,
  aura: z.string().describe("Version that made it"),
  project: z.strictObject({ id: z.string(), name: z.string(), costUsd: z.number() }),
  document: z.strictObject({ version: z.number().int().positive(), digest }),
  requirements: z.array(CertifiedRequirement),
  tasks: z.array(CertifiedTask),
  links: z
    .array(CertificateLink)
    .describe("Proofs and decisions in the order of time; the first follows on the head"),
  end: digest.describe("Hash of the last link, or of all else when there is none"),
  key: z.string().describe("The install's public key, Ed25519, base64"),
  signature: z.string().describe("Of `end`, base64"),
})
export type Certificate = z.infer<typeof Certificate>
