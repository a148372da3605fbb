/** What an agent may do, and what it asks for beyond that. */
import { z } from "zod"
import { Time } from "./project.ts"

export const Ask = z.object({
  id: z.string(),
  projectId: z.string(),
  taskId: z.string().nullable().describe("The task that waits for the answer"),
  kind: z.enum(["network"]),
  question: z.string(),
  detail: z.string().describe("The agent's reason"),
  hosts: z.array(z.string()).describe("What its commands want to reach"),
  status: z.enum(["open", "allowed", "refused", "expired"]),
  createdAt: Time,
  expiresAt: Time,
  answeredAt: Time.nullable(),
})
export type Ask = z.infer<typeof Ask>
