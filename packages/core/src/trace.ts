/** A trace: from a requirement, a line, a commit or a task, all that leads there and from there. */
import { z } from "zod"
import { LedgerRow } from "./ledger.ts"
import { Time } from "./project.ts"
import { CheckResult, TaskStatusSchema } from "./task.ts"

const TracedEdit = z.object({
  sessionId: z.string(),
  session: z.number().int().describe("Number of the session"),
  turn: z.number().int(),
  entryId: z.string(),
  tool: z.string(),
  path: z.string(),
  additions: z.number().int(),
  deletions: z.number().int(),
})

const TracedHunk = z.object({
  path: z.string(),
  from: z
    .number()
    .int()
    .describe("First line, as the commit has it; 0 where lines were only removed at the top"),
  lines: z.number().int().describe("How many; 0 where lines were only removed"),
})

const TracedCheck = CheckResult.pick({
  command: true,
  source: true,
  passed: true,
  exitCode: true,
  durationMs: true,
  outputDigest: true,
  treeHash: true,
}).extend({
  round: z.number().int().nullable(),
  sessionId: z.string().nullable(),
  entryId: z.string().nullable().describe("Where it stands in the timeline"),
})

export const TracedTask = z.object({
  id: z.string(),
  title: z.string(),
  status: TaskStatusSchema,
  requirementIds: z.array(z.string()),
  spec: z.object({ id: z.string(), title: z.string() }).nullable(),
  sessions: z.array(z.object({ id: z.string(), number: z.number().int(), turns: z.array(z.number().int()) })),
  edits: z.array(TracedEdit),
  commit: z.string().nullable(),
  hunks: z.array(TracedHunk).describe("Of the commit"),
  checks: z.array(TracedCheck).describe("All that ran, those that failed included"),
  evidence: z
    .object({ at: Time, treeHash: z.string(), requirements: z.record(z.string(), z.number().int()) })
    .nullable(),
  earlier: z.array(
    z.object({ commit: z.string().nullable(), reopenedAt: Time, reason: z.string().nullable() }),
  ),
})
export type TracedTask = z.infer<typeof TracedTask>

export const Trace = z.object({
  of: z.string(),
  kind: z.enum(["requirement", "task", "commit", "line"]),
  commit: z.string().nullable().describe("The commit asked for, or the one that the line comes from"),
  line: z.object({ path: z.string(), number: z.number().int(), text: z.string() }).nullable(),
  note: z.string().nullable().describe("Why the trace ends where it does"),
  requirements: z.array(LedgerRow),
  tasks: z.array(TracedTask),
})
export type Trace = z.infer<typeof Trace>
