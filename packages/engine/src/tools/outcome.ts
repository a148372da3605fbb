/** How work and sessions end: task_done, task_blocked, hand_off. */
import { z } from "zod"
import { defineTool, type Tool, type ToolContext, type ToolOutcome } from "./tool.ts"

export const TaskDone = z.object({
  notes: z.string().describe("What was built and what the next task should know"),
  follow_ups: z
    .array(z.object({ title: z.string().min(1), description: z.string() }))
    .max(20)
    .optional()
    .describe("Work found that is not this task's"),
  no_changes_needed: z.boolean().optional().describe("The folder was right already"),
  left_out: z
    .array(z.string().min(1))
    .max(200)
    .optional()
    .describe("What you wrote that is meant to be in no commit"),
  changed_tests: z
    .array(
      z.object({
        file: z.string().min(1),
        why: z.string().min(1),
        requirement: z.string().min(1).describe('Which asks for it, e.g. R3, or "task"'),
      }),
    )
    .max(50)
    .optional()
    .describe("Tests, snapshots, settings, check scripts that a requirement asks to change"),
  keeps_behaviour: z
    .string()
    .trim()
    .min(1)
    .max(2000)
    .optional()
    .describe("Why no check can show the work, as for a refactoring"),
  checks: z.array(z.string().min(1)).max(10).optional().describe("Further commands that prove the task"),
})
export type TaskDone = z.infer<typeof TaskDone>

export function taskDone(accept: (input: TaskDone, context: ToolContext) => Promise<ToolOutcome>): Tool {
  return defineTool({
    name: "task_done",
    description:
      "Says the task is finished. Aura runs the checks; if one fails you get its output and go on.",
    input: TaskDone,
    run: accept,
  })
}

export function taskBlocked(block: (reason: string) => void): Tool {
  return defineTool({
    name: "task_blocked",
    description: "Gives the task up: something only a person can change stands in the way.",
    input: z.object({ reason: z.string().trim().min(1) }),
    async run(input) {
      block(input.reason)
      return { output: "Noted. A person will see it.", ends: true }
    },
  })
}

export const HandOffInput = z.object({
  summary: z.string().min(1),
  decisions: z.array(z.string()).optional(),
  files: z.array(z.string()).optional(),
  failed_approaches: z.array(z.string()).optional(),
  next_step: z.string().optional(),
})
export type HandOffInput = z.infer<typeof HandOffInput>

export function handOff(take: (input: HandOffInput) => void): Tool {
  return defineTool({
    name: "hand_off",
    description: "Only when Aura asks for it: leaves what the next session needs to go on.",
    input: HandOffInput,
    async run(input) {
      take(input)
      return { output: "Handed over.", ends: true }
    },
  })
}
