/** What a change of the document does to the plan: shown before anything is spent. */
import { z } from "zod"

const TaskRef = z.object({ id: z.string(), title: z.string() })

export const Replan = z.object({
  basedOn: z.number().int().positive().describe("The version of the document that it is compared with"),
  kept: z.array(TaskRef).describe("Tasks that stay as they are, with their proof"),
  reopened: z
    .array(
      TaskRef.extend({
        requirementIds: z.array(z.string()).describe("Those that say something else now"),
        why: z.string(),
      }),
    )
    .describe("Done tasks that are to be done again"),
  closed: z.array(TaskRef).describe("Tasks not begun that nobody asks for any more"),
  planned: z
    .array(z.object({ requirementId: z.string(), text: z.string() }))
    .describe("Requirements that get tasks"),
  leftOut: z
    .array(z.object({ requirementId: z.string(), text: z.string() }))
    .describe("Requirements that go without proof for now, as was asked for"),
  doubts: z
    .array(
      z.object({
        requirementId: z.string(),
        text: z.string(),
        of: z.string().describe("The requirement that it may be a rewording of"),
        before: z.string().describe("What that one said"),
      }),
    )
    .describe("Statements that may be a rewording or something new; a person decides"),
  projection: z.object({
    tasks: z.number().int().nonnegative().describe("How many are to be worked on because of the change"),
    costUsd: z
      .number()
      .nonnegative()
      .nullable()
      .describe("Expected, as in …/projection; null = nobody knows what the model costs"),
    leftUsd: z.number().nullable().describe("Of the budget; null = there is none"),
    fits: z.boolean().describe("False when it costs more than is left"),
  }),
})
export type Replan = z.infer<typeof Replan>
