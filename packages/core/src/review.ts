/** What a person looks through: a task's changes, what needs them, lines of the log, hits of a search. */

import { z } from "zod"
import { ProposedChange } from "./ask.ts"
import { Time } from "./project.ts"
import { FileChange } from "./task.ts"

export const FileDiff = FileChange.extend({
  diff: z.string().describe("Unified diff of this file; empty when it is binary or too long to show"),
  digest: z.string().describe("Says which diff this is, for taking back a part of it"),
})
export type FileDiff = z.infer<typeof FileDiff>

export const TaskDiff = z.object({
  from: z
    .enum(["commit", "folder", "nothing"])
    .describe("The task's commit, the folder as it is now, or neither: the task has not begun"),
  commit: z.string().nullable(),
  files: z.array(FileDiff),
})
export type TaskDiff = z.infer<typeof TaskDiff>

export const Revert = z.strictObject({
  path: z.string().max(4096),
  hunk: z.number().int().min(0).optional().describe("Which part of the file's diff; absent = the whole file"),
  digest: z.string().describe("The diff that was looked at"),
})
export type Revert = z.infer<typeof Revert>

export const Attention = z.object({
  id: z.string().describe("Id of the task, loop, plan or ask it is about"),
  kind: z.enum(["failed", "blocked", "waiting", "ended", "plan", "ask"]),
  projectId: z.string(),
  projectName: z.string(),
  taskId: z.string().nullable(),
  title: z.string(),
  reason: z.string(),
  hosts: z.array(z.string()).describe("What an ask is about; empty for all else"),
  change: ProposedChange.optional().describe("What an ask would change"),
  needsReason: z.boolean().optional().describe("An ask that is allowed only with a reason"),
  isCommitMissing: z
    .boolean()
    .optional()
    .describe("The task's commit is no longer on the branch: bring it back, retry, or waive it"),
  at: Time,
})
export type Attention = z.infer<typeof Attention>

export const FolderView = z.object({
  path: z.string().describe("Absolute"),
  parent: z.string().nullable(),
  isRepository: z.boolean(),
  isEmpty: z.boolean(),
  items: z.array(z.object({ name: z.string(), path: z.string() })),
})
export type FolderView = z.infer<typeof FolderView>

export const LogLine = z.object({
  seq: z.number().int(),
  at: Time,
  type: z.string(),
  projectId: z.string().nullable(),
  text: z.string().describe("What it was about, in a few words"),
})
export type LogLine = z.infer<typeof LogLine>

export const Hit = z.object({
  kind: z.enum(["project", "requirement", "spec", "task", "entry"]),
  id: z.string(),
  projectId: z.string(),
  sessionId: z.string().nullable(),
  title: z.string(),
  excerpt: z.string(),
})
export type Hit = z.infer<typeof Hit>
