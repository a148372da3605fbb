/** Snapshots: a project's folder as it was at one moment, to go back to. */
import { z } from "zod"

export const Snapshot = z.object({
  id: z.string(),
  projectId: z.string(),
  instanceId: z.string().nullable(),
  /** The task it was taken before. */
  taskId: z.string().nullable(),
  /** Before what it was taken; `hand`: a person wanted it. */
  kind: z.enum(["task", "command", "restore", "hand"]),
  why: z.string(),
  at: z.string(),
  /** The earlier snapshot that holds the same, when nothing had changed since. */
  sameAs: z.string().optional(),
  /** The folder. */
  root: z.string(),
  files: z.int(),
  bytes: z.int(),
  /** What is not in it, the first hundred places of it: folders that can be made anew, huge files, unreadable ones. */
  leftOut: z.array(z.object({ path: z.string(), why: z.string() })),
})
export type Snapshot = z.infer<typeof Snapshot>

/** What going back would do to one path. `removed`: it is there now and was not then. */
export const SnapshotChange = z.object({
  path: z.string(),
  op: z.enum(["brought_back", "changed", "removed"]),
  bytes: z.int(),
  /** Unified, from how it is now to how it was; empty where there is no text to show. */
  diff: z.string(),
})
export type SnapshotChange = z.infer<typeof SnapshotChange>

/** `total` counts all changes, of which the first are listed. */
export const SnapshotPreview = z.object({ total: z.int(), changes: z.array(SnapshotChange) })
export type SnapshotPreview = z.infer<typeof SnapshotPreview>

/** `before` is the snapshot of how the folder was until then. */
export const SnapshotRestored = z.object({ changed: z.int(), before: Snapshot })
export type SnapshotRestored = z.infer<typeof SnapshotRestored>
