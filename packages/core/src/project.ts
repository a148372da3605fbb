/** A project: one requirements document and everything made from it. */
import { z } from "zod"
import { Finding } from "./finding.ts"
import { readPlace } from "./host-grant.ts"
import { Usage } from "./usage.ts"

export const Time = z.iso.datetime().describe("ISO 8601, UTC")

/** Held up by the provider: the same request goes out again then. */
export const Waiting = z.object({ reason: z.string(), until: Time })
export type Waiting = z.infer<typeof Waiting>

/** 0 read · 1 edit · 2 edit and run commands without a network · 3 the listed hosts too · 4 everything. */
export const Level = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
export type Level = z.infer<typeof Level>

/** What commands may be granted: `host`, which is ports 80 and 443, or `host:port`. */
export const Host = z
  .string()
  .max(300)
  .refine((text) => readPlace(text) !== undefined, "is no host, nor host:port")

/** Specs, tasks and the work follow one another by themselves. */
export const Building = z.object({
  upTo: z.enum(["plan", "all"]).describe("plan: a person looks at the plan before the work begins"),
  problem: z.string().nullable().describe("Why the next step did not begin; null = it goes on"),
})
export type Building = z.infer<typeof Building>

export const Project = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  workspacePath: z.string().describe("Absolute folder of the first agent instance"),
  buildCommand: z.string().nullable().describe("The user's choice; null = found in the workspace"),
  testCommand: z.string().nullable().describe("The user's choice; null = found in the workspace"),
  model: z.string().nullable().describe("null = the model of Settings"),
  budgetUsd: z.number().nonnegative().nullable().describe("null = no limit"),
  status: z.enum(["active", "archived"]),
  rehearsal: z.boolean().describe("True: the model's words come from a screenplay"),
  documentId: z.string().describe("The current version of the requirements"),
  level: Level.default(2).describe("What its agents may do"),
  levelUntil: Time.nullable().default(null).describe("When level 4 ends by itself"),
  hosts: z
    .array(z.string())
    .default([])
    .describe("What commands may reach at level 3: host (ports 80 and 443) or host:port"),
  heldOut: z
    .enum(["off", "on", "auto"])
    .default("auto")
    .describe("Acceptance checks that the agent never sees; auto = while the project has a budget in USD"),
  productProof: z
    .enum(["off", "on"])
    .nullable()
    .default(null)
    .describe("The whole product is used by another session before it counts as done; null = as heldOut"),
  review: z
    .enum(["off", "on"])
    .default("off")
    .describe("Another session reads each task's change before it is committed"),
  mutation: z
    .enum(["off", "on"])
    .default("on")
    .describe("A few small faults are put into the lines a task changed; one that no check notices is named"),
  reviewerAgentId: z
    .string()
    .nullable()
    .default(null)
    .describe("The agent template, with its model and words, that reviews; null = none"),
  building: Building.nullable()
    .default(null)
    .describe("What goes on by itself; null = each step is started by a person"),
  usage: Usage,
  createdAt: Time,
  updatedAt: Time,
})
export type Project = z.infer<typeof Project>

export const Requirement = z.object({
  id: z.string().regex(/^R\d+$/),
  text: z.string(),
  line: z.number().int().positive().describe("1-based line of the document"),
  label: z.string().optional().describe("What the document calls it, such as FR-001"),
  unsure: z.boolean().optional().describe("True: it may be none; a person can say so"),
  since: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("Version of the document that says it so; spelling aside. 1 by default"),
})
export type Requirement = z.infer<typeof Requirement>

export const UncountedReason = z.enum([
  "prose",
  "heading",
  "code",
  "comment",
  "contents",
  "struck",
  "front_matter",
  "person",
])
export type UncountedReason = z.infer<typeof UncountedReason>

/** What a document says besides its requirements. */
export const Uncounted = z.object({
  text: z.string(),
  line: z.number().int().positive(),
  reason: UncountedReason,
})
export type Uncounted = z.infer<typeof Uncounted>

/** A person's word on whether a statement is a requirement; it holds wherever the document says the same. */
export const CountDecision = z.strictObject({ text: z.string().min(1).max(20_000), counts: z.boolean() })
export type CountDecision = z.infer<typeof CountDecision>

/** A person's word on which requirement a statement is; it holds wherever the document says the same. */
export const IdentityDecision = z.strictObject({
  text: z.string().min(1).max(20_000),
  is: z
    .union([z.string().regex(/^R\d+$/), z.literal("new")])
    .describe("The requirement that it is a wording of, or new"),
})
export type IdentityDecision = z.infer<typeof IdentityDecision>

/** A requirement through all versions of its document. Its id is its own and never given to another. */
export const LedgerEntry = z.object({
  id: z.string().regex(/^R\d+$/),
  text: z.string().describe("As it was said last"),
  label: z.string().optional(),
  since: z.number().int().positive().describe("Version that says it so, spelling aside"),
  closedIn: z.number().int().positive().optional().describe("Version that does not say it any more"),
  earlier: z
    .array(z.object({ text: z.string(), since: z.number().int().positive() }))
    .describe("What it said before, oldest first"),
  doubt: z
    .string()
    .optional()
    .describe(
      "The requirement that it may be a rewording of; its own id where it may be no rewording but new. A person decides.",
    ),
})
export type LedgerEntry = z.infer<typeof LedgerEntry>

/** One version of a project's requirements document. */
export const RequirementsDocument = z.object({
  id: z.string(),
  projectId: z.string(),
  version: z.number().int().positive(),
  markdown: z.string(),
  requirements: z.array(Requirement),
  uncounted: z.array(Uncounted).default([]),
  decisions: z.array(CountDecision).default([]).describe("What people corrected"),
  identities: z.array(IdentityDecision).default([]).describe("What people said which statement is"),
  ledger: z.array(LedgerEntry).default([]).describe("All requirements that any version had"),
  createdAt: Time,
})
export type RequirementsDocument = z.infer<typeof RequirementsDocument>

/** Another version of a spec that waits for a person's decision. */
export const SpecProposal = z.object({
  title: z.string(),
  markdown: z.string(),
  note: z.string().nullable().describe("What the person had asked for"),
  planId: z.string(),
  createdAt: Time,
})
export type SpecProposal = z.infer<typeof SpecProposal>

export const Spec = z.object({
  id: z.string(),
  projectId: z.string(),
  order: z.number().int().positive().describe("1 = most foundational"),
  title: z.string(),
  markdown: z.string(),
  proposal: SpecProposal.optional(),
  createdAt: Time,
  updatedAt: Time,
})
export type Spec = z.infer<typeof Spec>

/** One attempt to make specs or tasks, or one spec anew, or to look the document over, with the model. */
export const Plan = z.object({
  id: z.string(),
  projectId: z.string(),
  step: z.enum(["specs", "tasks", "spec", "look_over"]),
  specId: z.string().optional().describe("The spec that is written anew"),
  note: z.string().optional().describe("What the person asked for"),
  requirementIds: z
    .array(z.string())
    .optional()
    .describe("Only tasks for these are added; without it, all tasks that are not done are made anew"),
  documentVersion: z.number().int().positive().optional().describe("The version it is made from"),
  findings: z.array(Finding).optional().describe("What looking the document over found"),
  status: z.enum(["running", "finished", "failed", "stopped"]),
  sessionId: z.string().nullable(),
  reason: z.string().nullable().describe("Why it failed or was stopped"),
  outcome: z.enum(["budget", "provider", "failed"]).nullable(),
  waiting: Waiting.nullable().default(null),
  startedAt: Time,
  finishedAt: Time.nullable(),
})
export type Plan = z.infer<typeof Plan>
