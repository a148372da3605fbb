/** Newer releases of Aura: what is offered, and how far it has come. */
import { z } from "zod"
import { Time } from "./project.ts"

export const UpdateChannel = z.enum(["stable", "nightly"])
export type UpdateChannel = z.infer<typeof UpdateChannel>

export const UpdateStatus = z.object({
  state: z
    .enum(["off", "idle", "checking", "downloading", "ready", "installing", "installed", "failed"])
    .describe("off: no place to look for updates is set · idle: nothing newer is known"),
  channel: UpdateChannel,
  version: z.string().describe("The one that runs"),
  newer: z.string().nullable().describe("The version that is offered"),
  bytes: z.number().int().describe("Of it that are here"),
  size: z.number().int().nullable(),
  reason: z.string().nullable().describe("Why it failed, or cannot be installed here, for a person"),
  checkedAt: Time.nullable(),
})
export type UpdateStatus = z.infer<typeof UpdateStatus>
