/** Agents: the template, and the instance at work in one project. */
import { z } from "zod"
import { EffortLevel } from "./model-facts.ts"
import { Time, Waiting } from "./project.ts"

export const Agent = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  personality: z.string(),
  systemPrompt: z.string(),
  skills: z.array(z.string()),
  model: z.string().nullable(),
  effort: EffortLevel.nullable().default(null),
  createdAt: Time,
  updatedAt: Time,
})
export type Agent = z.infer<typeof Agent>

export const InstanceWorkspace = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("local"), path: z.string().describe("Absolute folder") }),
  z.object({ kind: z.literal("worktree"), path: z.string().optional() }),
  z.object({ kind: z.literal("remote"), url: z.string() }),
])
export type InstanceWorkspace = z.infer<typeof InstanceWorkspace>

/** An agent at work in one project; it owns the workspace. */
export const Instance = z.object({
  id: z.string(),
  projectId: z.string(),
  agentId: z.string().nullable(),
  name: z.string(),
  workspace: InstanceWorkspace,
  status: z.enum(["idle", "working", "paused", "waiting"]),
  createdAt: Time,
  updatedAt: Time,
})
export type Instance = z.infer<typeof Instance>

export const LoopStatus = z.enum(["running", "pausing", "paused", "stopping", "finished"])
export const LoopOutcome = z
  .enum(["done", "unproven", "failed", "budget", "provider", "stopped", "refused", "error"])
  .describe(
    "done: every task is done, and every requirement proven or waived · unproven: every task is done, and some requirement is neither · failed: failed or blocked tasks remain · refused: the folder or the machine is in no state to work in; nothing was changed · error: a bug in Aura",
  )

/** One run of the loop by one instance. The newest of a project is the one on screen. */
export const Loop = z.object({
  id: z.string(),
  projectId: z.string(),
  instanceId: z.string(),
  status: LoopStatus,
  phase: z
    .enum(["claiming", "working", "checking", "committing", "handing_over", "waiting"])
    .describe("What it does right now"),
  taskId: z.string().nullable(),
  sessionId: z.string().nullable(),
  asked: z
    .enum(["pause_after_task", "skip"])
    .nullish()
    .describe("What a person asked for that has not come about yet"),
  onlyTaskId: z.string().nullable().describe("Set when one task was asked for"),
  waiting: Waiting.nullable(),
  outcome: LoopOutcome.nullable(),
  reason: z.string().nullable().describe("Why it ended or paused, for a person"),
  worksIn: z
    .string()
    .optional()
    .describe(
      "The folder it works in, or that of the repository around it; no two loops work in overlapping ones",
    ),
  startedAt: Time,
  finishedAt: Time.nullable(),
})
export type Loop = z.infer<typeof Loop>
