/** What happened in a project since somebody last looked. */
import { z } from "zod"
import { KeptMedia } from "./media.ts"
import { Time } from "./project.ts"

const count = z.number().int().nonnegative()

export const Recap = z.object({
  since: Time,
  tasksDone: count,
  proven: z.array(z.string()).describe("Requirements whose proof came since then"),
  unproven: z
    .array(z.object({ id: z.string(), text: z.string(), why: z.string().nullable() }))
    .describe("Requirements without a proof; while a run goes on only those that a task failed"),
  decisions: z.array(z.string()).describe("What waits for a person, each wording once"),
  spentUsd: z.number().nonnegative().nullable().describe("null: a rehearsal, which costs nothing"),
  changed: z
    .object({ files: count, additions: count, deletions: count })
    .describe("By the tasks done since then"),
  picture: KeptMedia.nullable().describe("The newest picture the agent took of the product since then"),
})
export type Recap = z.infer<typeof Recap>
