/** Comments: what a person says to the agent about its work, and when it was seen. */
import { z } from "zod"
import { Time } from "./project.ts"

export const Comment = z.object({
  id: z.string(),
  projectId: z.string(),
  taskId: z.string().nullable().describe("The task it is about; null = the work as a whole"),
  path: z.string().nullable().describe("The file it is about"),
  quote: z.string().nullable().describe("The changed lines it is about"),
  text: z.string(),
  createdAt: Time,
  seenAt: Time.nullable().describe("When it went to the agent; null = it waits for the next turn"),
  sessionId: z.string().nullable().describe("The session that saw it"),
})
export type Comment = z.infer<typeof Comment>

export const CreateComment = z.strictObject({
  text: z.string().trim().min(1).max(20_000),
  taskId: z.string().optional(),
  path: z.string().max(4096).optional(),
  quote: z.string().max(20_000).optional(),
})
export type CreateComment = z.infer<typeof CreateComment>
