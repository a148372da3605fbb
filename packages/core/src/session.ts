/** Sessions (one context window each) and entries, the only timeline. */
import { z } from "zod"
import { KeptMedia } from "./media.ts"
import { Time } from "./project.ts"
import { CheckResult, FileChange, KeptOutput } from "./task.ts"
import { Usage } from "./usage.ts"

/** What one session hands to the next: facts Aura knows, and the model's own words. */
export const HandOff = z.object({
  taskId: z.string().nullable(),
  taskTitle: z.string().nullable(),
  specTitle: z.string().nullable(),
  filesChanged: z.array(z.string()),
  commands: z.array(z.object({ command: z.string(), exitCode: z.number().nullable() })),
  failedApproaches: z.array(z.string()),
  decisions: z.array(z.string()),
  nextStep: z.string(),
  summary: z.string(),
})
export type HandOff = z.infer<typeof HandOff>

export const Session = z.object({
  id: z.string(),
  projectId: z.string(),
  instanceId: z.string(),
  kind: z.enum(["plan", "work", "chat", "review"]),
  purpose: z
    .enum(["checks", "review", "product"])
    .optional()
    .describe("What a session beside the work is for: held-out checks, a task's review, the whole product"),
  subject: z
    .string()
    .optional()
    .describe("What it is about, such as the task and the tree that are reviewed"),
  number: z.number().int().positive().describe("1, 2, 3 … for one instance"),
  status: z.enum(["active", "completed", "failed", "rolled_over"]),
  model: z.string(),
  contextTokens: z.number().int().nonnegative().describe("Size of the last request and reply"),
  contextWindow: z.number().int().positive(),
  contextUsage: z.number().min(0).describe("contextTokens / contextWindow"),
  rotateAt: z.number(),
  turns: z.number().int().nonnegative(),
  usage: Usage,
  summary: z.string().nullable().describe("What was carried into the next session, or how it ended"),
  handOff: HandOff.nullable(),
  previousId: z.string().nullable().describe("The session this one continues"),
  startedAt: Time,
  finishedAt: Time.nullable(),
})
export type Session = z.infer<typeof Session>

/** Content of a reply exactly as the Messages API gave it, so that it can be sent back unchanged. */
export const Block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal("redacted_thinking"), data: z.string() }),
  z.object({
    type: z.literal("tool_use"),
    id: z.string(),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
])
export type Block = z.infer<typeof Block>

const common = {
  id: z.string(),
  projectId: z.string(),
  sessionId: z.string(),
  instanceId: z.string(),
  taskId: z.string().optional(),
  withheld: z
    .boolean()
    .optional()
    .describe("True: it holds held-out checks; clients get it without what it says"),
  n: z.number().int().positive().describe("Position in the session"),
  at: Time,
}

/** One thing that happened in a session. */
export const Entry = z.discriminatedUnion("kind", [
  z.object({
    ...common,
    kind: z.literal("prompt"),
    from: z.enum(["aura", "user"]),
    about: z.enum([
      "plan",
      "task",
      "checks",
      "review",
      "product",
      "nudge",
      "hand_off",
      "repair",
      "chat",
      "comment",
    ]),
    text: z.string(),
    media: z.array(KeptMedia).optional().describe("Pictures and PDFs that came with it"),
  }),
  z.object({
    ...common,
    kind: z.literal("reply"),
    turn: z.number().int().positive(),
    blocks: z.array(Block),
    stopReason: z.string(),
    model: z.string(),
    usage: Usage,
    durationMs: z.number().nonnegative(),
    requestId: z.string().nullable().optional().describe("The provider's name for the request"),
  }),
  z.object({
    ...common,
    kind: z.literal("tool"),
    toolUseId: z.string(),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
    output: z.string().describe("What the model read"),
    isError: z.boolean(),
    durationMs: z.number().nonnegative(),
    exitCode: z.number().int().nullable().optional(),
    changes: z.array(FileChange).optional(),
    diff: z.string().optional().describe("Unified diff of the edit"),
    kept: KeptOutput.optional(),
    media: z.array(KeptMedia).optional().describe("Pictures and PDFs that the model saw with it"),
  }),
  z
    .object({ ...common, kind: z.literal("intent"), toolUseId: z.string(), name: z.string() })
    .describe("A call that must not run twice is about to; without a result it was cut off"),
  z.object({ ...common, kind: z.literal("check"), round: z.number().int().positive(), check: CheckResult }),
  z.object({
    ...common,
    kind: z.literal("note"),
    level: z.enum(["info", "warn", "error"]),
    text: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal("hand_off"),
    handOff: HandOff,
    text: z.string().describe("The text the next session starts from"),
    nextSessionId: z.string().nullable(),
  }),
])
export type Entry = z.infer<typeof Entry>
