/** A task, its life cycle and its evidence. */
import { z } from "zod"
import { HeldOutResult } from "./held-out.ts"
import { Time } from "./project.ts"
import { taskStatuses } from "./task-status.ts"
import { Usage } from "./usage.ts"

export const TaskStatusSchema = z.enum(taskStatuses)

export const FileChange = z.object({
  path: z.string().describe("Relative to the workspace, with forward slashes"),
  op: z.enum(["added", "modified", "deleted"]),
  additions: z.number().int().nonnegative(),
  deletions: z.number().int().nonnegative(),
})
export type FileChange = z.infer<typeof FileChange>

/** All of an output that was too long to be shown whole: read it from `/api/projects/:p/outputs/:name`. */
export const KeptOutput = z.object({ name: z.string(), bytes: z.number().int().nonnegative() })

/** One command Aura ran to prove a task, and how it ended. */
export const CheckResult = z.object({
  command: z.string(),
  source: z.enum(["task", "build", "test"]).describe("The task's own check, or the project's command"),
  passed: z.boolean(),
  exitCode: z.number().int().nullable().describe("null = killed by a signal or a time limit"),
  durationMs: z.number().nonnegative(),
  output: z.string().describe("Head and tail of what it printed"),
  outputDigest: z.string().describe("sha256 of all it printed, hex"),
  treeHash: z.string().describe("git tree the command ran on"),
  failedBefore: z
    .literal(true)
    .optional()
    .describe("It failed before the task began as well, and nothing fails in it that passed then"),
  kept: KeptOutput.optional(),
  changed: z
    .array(z.string())
    .optional()
    .describe("Committed files that the command changed in its checkout; nothing of that is committed"),
})
export type CheckResult = z.infer<typeof CheckResult>

/** A change of what proves the work, which the task's text or a person asks for, or that is only worth a look. */
export const ProofFinding = z.object({
  file: z.string(),
  line: z.number().int().positive(),
  kind: z.string().describe("Such as test_deleted, expected_value_changed, rules_relaxed"),
  sentence: z.string(),
})
export type ProofFinding = z.infer<typeof ProofFinding>

/** What the checks of a proof ran under. */
export const Environment = z.object({
  aura: z.string().describe("Version"),
  node: z.string().describe("Version"),
  os: z.string(),
  sandbox: z.string().describe("Kind of the sandbox"),
})
export type Environment = z.infer<typeof Environment>

/** The verdict of an independent review. */
export const ReviewVerdict = z.object({
  at: Time,
  sessionId: z.string(),
  model: z.string(),
  treeHash: z.string().describe("What was reviewed"),
  accept: z.boolean(),
  findings: z.array(z.string()),
  overruled: z
    .object({ by: z.string(), reason: z.string(), at: Time })
    .optional()
    .describe("A person accepted in spite of it"),
})
export type ReviewVerdict = z.infer<typeof ReviewVerdict>

/** A small fault in a changed line that no check noticed when Aura put it there. */
export const UnnoticedFault = z.object({
  file: z.string(),
  line: z.number().int().positive(),
  was: z.string(),
  becomes: z.string().describe("Empty, `;` or `pass` where the statement was left out"),
})
export type UnnoticedFault = z.infer<typeof UnnoticedFault>

/** Proof that a task is done: checks that passed, on the tree that was committed. */
export const Evidence = z.object({
  at: Time,
  treeHash: z.string(),
  checks: z.array(CheckResult).min(1),
  keepsBehaviour: z
    .string()
    .optional()
    .describe(
      "Why the work changes nothing that a check could show, in the agent's words; proves no requirement",
    ),
  environment: Environment.optional(),
  requirements: z
    .record(z.string(), z.number().int().positive())
    .optional()
    .describe("Which wording of each requirement it is about, as `since` of the requirement"),
  foreignFiles: z
    .array(z.string())
    .describe("Uncommitted files of the user that lay in the folder while the checks ran"),
  uncommitted: z
    .array(z.string())
    .optional()
    .describe(
      "Written during the task and in no commit, as the agent says it is meant: the checks may need them",
    ),
  findings: z
    .array(ProofFinding)
    .optional()
    .describe(
      "Changes of tests, settings and scripts that were let through, with the reason to look at them",
    ),
  heldOut: z.array(HeldOutResult).optional().describe("Held-out checks that passed on the tree"),
  unnoticed: z
    .array(UnnoticedFault)
    .optional()
    .describe("Faults that Aura put into the changed lines and that no check noticed"),
  reviews: z.array(ReviewVerdict).optional().describe("All verdicts on the task, oldest first"),
})
export type Evidence = z.infer<typeof Evidence>

export const Task = z.object({
  id: z.string(),
  projectId: z.string(),
  specId: z.string(),
  title: z.string(),
  description: z.string(),
  status: TaskStatusSchema,
  order: z.number().int().positive(),
  dependsOn: z.array(z.string()).describe("Task ids"),
  parentTaskId: z.string().optional().describe("The task this one follows up"),
  requirementIds: z.array(z.string()),
  checks: z.array(z.string()).describe("Commands that must exit 0"),
  attempts: z.number().int().nonnegative(),
  failure: z.string().optional().describe("Why the last attempt ended without success"),
  lessons: z.array(z.string()).describe("What earlier attempts and the user's notes teach the next one"),
  notes: z.string().optional().describe("What the agent said when it was accepted as done"),
  filesChanged: z.array(FileChange),
  commit: z.string().optional().describe("Full sha of the task's commit"),
  missingCommit: z
    .object({ at: Time, branch: z.string(), waivedAt: Time.optional() })
    .optional()
    .describe("The commit is no longer on the branch; waivedAt: a person goes on without it"),
  evidence: Evidence.optional(),
  earlier: z
    .array(
      z.object({
        evidence: Evidence,
        commit: z.string().optional(),
        reopenedAt: Time,
        reason: z.string().optional(),
      }),
    )
    .optional()
    .describe("What proved it before it was reopened, oldest first"),
  acceptedAt: Time.optional().describe("When a person looked at the result and was content"),
  baseTree: z.string().optional().describe("Tree of the folder before the first attempt touched it"),
  told: z
    .record(z.string(), z.number().int().positive())
    .optional()
    .describe("The wordings of its requirements when the work began"),
  interrupted: z.literal(true).optional().describe("Stopped or crashed half-way; the attempt goes on"),
  deaths: z
    .object({ count: z.number().int().positive(), entries: z.number().int().nonnegative() })
    .optional()
    .describe("How often Aura died at work on it in a row, with so many entries of it stored each time"),
  instanceId: z.string().optional().describe("Who works on it or worked on it last"),
  usage: Usage,
  createdAt: Time,
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
})
export type Task = z.infer<typeof Task>
