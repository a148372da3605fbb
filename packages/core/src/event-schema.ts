/** Events at a border: the schema of what comes over the wire. */
import { z } from "zod"
import { Time } from "./project.ts"

/** The wire shape, open to types, tables and fields of a newer Aura; rows were checked when they were written. */
export const AuraEventSchema = z.object({
  seq: z.number().int().positive(),
  at: Time,
  type: z.string().min(1),
  projectId: z.string().optional(),
  rows: z.record(z.string(), z.array(z.unknown())),
  removed: z.record(z.string(), z.array(z.string())).optional(),
  private: z.array(z.string()).optional(),
})
