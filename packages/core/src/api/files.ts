/** Files of a project, and snapshots of its folder. */

import { z } from "zod"
import { FileEntry, FileText, FolderState, TextHit, TextQuery } from "../file.ts"
import { Snapshot, SnapshotPreview, SnapshotRestored } from "../snapshot.ts"
import { defineRoute, list, Page, p, where } from "./route.ts"

export const fileRoutes = {
  listFiles: defineRoute("listFiles", {
    status: 200,
    summary: "A folder inside an attached workspace",
    body: z.strictObject(where),
    response: z.object({ path: z.string(), items: z.array(FileEntry), next: z.null() }),
  }),
  readFile: defineRoute("readFile", {
    status: 200,
    summary: "A text file inside an attached workspace",
    body: z.strictObject(where),
    response: FileText,
  }),
  writeFile: defineRoute("writeFile", {
    status: 200,
    summary: "Write a text file inside an attached workspace",
    body: z.strictObject({
      ...where,
      content: z.string(),
      ifDigest: z
        .string()
        .optional()
        .describe("Refuse when the file is no longer this, with what it is now; empty = there is none"),
    }),
    response: FileText,
    bodyLimit: 32 * 1024 * 1024,
  }),
  moveFile: defineRoute("moveFile", {
    status: 204,
    summary: "Give a file or folder inside an attached workspace another path; nothing is written over",
    body: z.strictObject({ ...where, to: z.string().max(4096) }),
  }),
  removeFile: defineRoute("removeFile", {
    status: 204,
    summary: "Remove a file inside an attached workspace; a snapshot of the folder is kept first",
    body: z.strictObject({ projectId: z.string(), path: z.string().max(4096) }),
  }),
  getFolder: defineRoute("getFolder", {
    status: 200,
    summary: "All files of a project's workspace, and what differs from the last commit",
    params: p,
    response: FolderState,
  }),
  findInFolder: defineRoute("findInFolder", {
    status: 200,
    summary: "Where a text stands in the files of a project's workspace, at most a thousand places",
    params: p,
    body: TextQuery,
    response: z.object({ items: z.array(TextHit), isCut: z.boolean(), next: z.null() }),
  }),
  readCommitted: defineRoute("readCommitted", {
    status: 200,
    summary: "A text file of a project's workspace as it is in the last commit",
    body: z.strictObject({ projectId: z.string(), path: z.string().max(4096) }),
    response: z.object({ content: z.string().nullable().describe("null: it is not there") }),
  }),
  listSnapshots: defineRoute("listSnapshots", {
    status: 200,
    summary: "The folder as it was before tasks and before commands that may cost files, oldest first",
    params: p,
    query: Page,
    response: list(Snapshot),
  }),
  takeSnapshot: defineRoute("takeSnapshot", {
    status: 201,
    summary: "Keep the folder as it is now",
    params: p,
    response: Snapshot,
  }),
  previewSnapshot: defineRoute("previewSnapshot", {
    status: 200,
    summary: "What going back to a snapshot would do to the folder, path by path",
    params: p.extend({ id: z.string() }),
    response: SnapshotPreview,
  }),
  restoreSnapshot: defineRoute("restoreSnapshot", {
    status: 200,
    summary: "Make the folder as it was; how it is now is kept as a snapshot first",
    params: p.extend({ id: z.string() }),
    response: SnapshotRestored,
  }),
}
