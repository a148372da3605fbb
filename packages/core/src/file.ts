/** Files of a workspace as an editor shows them. */
import { z } from "zod"
import { FileChange } from "./task.ts"

export const FileEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(["file", "folder", "link", "other"]),
  bytes: z.number().int(),
})
export type FileEntry = z.infer<typeof FileEntry>

export const FileText = z.object({
  path: z.string(),
  content: z.string(),
  digest: z.string().describe("Says which text this is, for writing over it"),
  bytes: z.number().int(),
})
export type FileText = z.infer<typeof FileText>

/** What a refused write says of the file as it is now, in the `details` of the error. */
export const FileConflict = z.object({
  content: z.string().nullable().describe("null: the file is gone"),
  digest: z.string().describe("Empty for a file that is gone"),
})
export type FileConflict = z.infer<typeof FileConflict>

export const FolderState = z.object({
  isRepository: z.boolean(),
  files: z.array(z.string()).describe("Paths of what git does not ignore, sorted"),
  isCut: z.boolean().describe("There are more files than are listed"),
  changes: z.array(FileChange).describe("What differs from the last commit"),
})
export type FolderState = z.infer<typeof FolderState>

export const TextQuery = z.strictObject({
  text: z.string().min(1).max(1000),
  isPattern: z.boolean().optional().describe("A regular expression, ripgrep's"),
  isCased: z.boolean().optional(),
  isWord: z.boolean().optional().describe("Whole words only"),
})
export type TextQuery = z.infer<typeof TextQuery>

export const TextHit = z.object({
  path: z.string(),
  line: z.number().int(),
  text: z.string().describe("The line, or what is around the hit of a long one"),
  at: z.number().int().describe("Where in `text` the hit begins, in UTF-16 units"),
  length: z.number().int(),
})
export type TextHit = z.infer<typeof TextHit>
