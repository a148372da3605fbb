/** Events at a border: the schema of what comes over the wire. */
import { z } from "zod"
import { eventTypes } from "./events.ts"
import { Time } from "./project.ts"

/** The wire shape, loose in its rows: they were checked when they were written. */
export const AuraEventSchema = z.object({
  seq: z.number().int().positive(),
  at: Time,
  type: z.enum(eventTypes),
  projectId: z.string().optional(),
  rows: z.record(z.string(), z.array(z.unknown())),
  removed: z.record(z.string(), z.array(z.string())).optional(),
})
