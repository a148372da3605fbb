/** The protocol between Aura and the process of a place: each call with the schemas of its arguments and result. */
import {
  AuraError,
  type ErrorCode,
  errorStatus,
  FileChange,
  FileEntry,
  Snapshot,
  SnapshotPreview,
  SnapshotRestored,
  TextHit,
  TextQuery,
  toMessage,
} from "@aura/core"
import { z } from "zod"

export type Method<A, R> = {
  name: string
  args: z.ZodType<A>
  result: z.ZodType<R>
  /** True: it changes nothing, so it is retried when the process dies. */
  isRepeatable: boolean
}

function looks<A, R>(name: string, args: z.ZodType<A>, result: z.ZodType<R>): Method<A, R> {
  return { name, args, result, isRepeatable: true }
}

function changes<A, R>(name: string, args: z.ZodType<A>, result: z.ZodType<R>): Method<A, R> {
  return { name, args, result, isRepeatable: false }
}

const text = z.string()
const nothing = z.void()
const none = z.tuple([])
const paths = z.array(text).readonly()
const Network = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("hosts"), hosts: paths }),
  z.object({ kind: z.literal("all") }),
])
/** `asks`: the caller is called back before the command begins. */
const Run = z.object({
  dir: text.exactOptional(),
  timeoutMs: z.number(),
  network: Network.exactOptional(),
  by: z.enum(["agent", "check"]).exactOptional(),
  frozen: paths.exactOptional(),
  isSealed: z.boolean().exactOptional(),
  asks: z.boolean(),
})
const RunResult = z.object({
  exitCode: z.number().nullable(),
  over: z.enum(["time", "memory", "processes"]).exactOptional(),
  aborted: z.boolean(),
  output: text,
  outputDigest: text,
  durationMs: z.number(),
  kept: z.object({ path: text, bytes: z.number(), isWhole: z.boolean() }).exactOptional(),
})
const Occasion = Snapshot.pick({ projectId: true, instanceId: true, taskId: true, kind: true, why: true })
const Line = z.object({ path: text, line: z.number(), text })
const Logged = z.object({
  sha: text,
  tree: text,
  subject: text,
  body: text,
  taskId: text,
  proof: text,
  evidence: text,
  files: z.array(text),
})
const Repository = z.object({ root: text, prefix: text })
const id = z.number()
/** The folder itself, or a checkout by the number it was opened with. */
const where = z.number()
export const folder = 0

export const methods = {
  describeMachine: looks("describeMachine", none, text),
  check: looks("check", none, text),
  prepare: changes("prepare", none, Repository.extend({ notes: z.array(text) })),
  findGit: looks("findGit", none, Repository.optional()),
  resolve: looks("resolve", z.tuple([text]), text),

  read: looks("read", z.tuple([where, text]), text),
  readBytes: looks("readBytes", z.tuple([where, text]), z.instanceof(Uint8Array)),
  exists: looks("exists", z.tuple([where, text]), z.boolean()),
  /** Last argument: the caller is called back with the current text before it is replaced. */
  write: changes("write", z.tuple([where, text, text, z.boolean()]), nothing),
  remove: changes("remove", z.tuple([where, text]), nothing),
  move: changes("move", z.tuple([where, text, text]), nothing),
  list: looks("list", z.tuple([where, text]), z.array(FileEntry)),
  run: changes("run", z.tuple([where, text, Run]), RunResult),

  searchFiles: looks(
    "searchFiles",
    z.tuple([where, text.optional()]),
    z.object({ paths: z.array(text), error: text }),
  ),
  searchLines: looks(
    "searchLines",
    z.tuple([where, z.object({ pattern: text, glob: text.exactOptional() })]),
    z.object({ hits: z.array(Line), error: text }),
  ),
  searchText: looks(
    "searchText",
    z.tuple([where, TextQuery]),
    z.object({ items: z.array(TextHit), isCut: z.boolean() }),
  ),

  takeSnapshot: changes("takeSnapshot", z.tuple([Occasion]), Snapshot),
  previewSnapshot: looks("previewSnapshot", z.tuple([Snapshot]), SnapshotPreview),
  restoreSnapshot: changes("restoreSnapshot", z.tuple([Snapshot]), SnapshotRestored),

  openCheckout: looks("openCheckout", none, z.object({ where, root: text })),
  checkoutReset: changes("checkoutReset", z.tuple([where, text]), nothing),
  checkoutTouched: looks(
    "checkoutTouched",
    z.tuple([where]),
    z.array(z.object({ path: text, isChanged: z.boolean() })),
  ),
  checkoutKeep: changes("checkoutKeep", z.tuple([where]), nothing),
  checkoutGoBack: changes("checkoutGoBack", z.tuple([where]), nothing),
  checkoutRemove: changes("checkoutRemove", z.tuple([where]), nothing),

  snapshot: looks("git.snapshot", none, text),
  headTree: looks("git.headTree", none, text),
  changes: looks("git.changes", z.tuple([text, text]), z.array(FileChange)),
  added: looks(
    "git.added",
    z.tuple([text, text]),
    z.array(
      z.object({
        path: text,
        isNew: z.boolean(),
        lines: z.array(z.object({ number: z.number(), text })),
      }),
    ),
  ),
  texts: looks(
    "git.texts",
    z.tuple([text, text, z.set(text).readonly()]),
    z.array(
      z.object({ path: text, before: text.nullable(), after: text.nullable(), isExecutable: z.boolean() }),
    ),
  ),
  readTree: looks("git.read", z.tuple([text, text]), text.nullable()),
  listTree: looks("git.list", z.tuple([text]), z.array(text)),
  commit: changes(
    "git.commit",
    z.tuple([text, text, z.object({ except: paths, message: text })]),
    z.object({ sha: text, tree: text }),
  ),
  withPaths: looks("git.withPaths", z.tuple([text, text, paths]), text),
  treeOf: looks("git.treeOf", z.tuple([text, text, paths]), text),
  findCommit: looks("git.findCommit", z.tuple([text]), text.optional()),
  rebase: looks("git.rebase", z.tuple([text]), text),
  setAside: changes("git.setAside", z.tuple([text, text]), text),
  standing: looks(
    "git.standing",
    z.tuple([paths]),
    z.object({ branch: text, missing: z.set(text).readonly() }),
  ),
  forwardTo: changes("git.forwardTo", z.tuple([text]), nothing),
  uncommitted: looks(
    "git.uncommitted",
    z.tuple([text, z.object({ ms: z.number(), written: z.set(text).readonly() })]),
    z.array(z.object({ path: text, reason: text })),
  ),
  filtered: looks("git.filtered", z.tuple([z.union([text, paths])]), z.map(text, text)),
  restore: changes("git.restore", z.tuple([text, paths]), nothing),
  committed: looks("git.committed", z.tuple([text]), text.nullable()),
  parentOf: looks("git.parentOf", z.tuple([text]), text),
  diff: looks("git.diff", z.tuple([text, text]), z.array(FileChange.extend({ text }))),
  undo: changes("git.undo", z.tuple([text]), nothing),
  blame: looks("git.blame", z.tuple([text, z.number()]), z.object({ sha: text, text }).optional()),
  findHash: looks("git.findHash", z.tuple([text]), text.optional()),
  describe: looks("git.describe", z.tuple([text]), z.object({ taskId: text, author: text, subject: text })),
  log: looks("git.log", none, z.array(Logged)),
}

/** Requests from the process to Aura; `begin` and `replace` belong to a call, the others to none. */
export const asks = {
  begin: looks("begin", none, nothing),
  replace: looks("replace", z.tuple([text.optional()]), nothing),
  listSnapshots: looks("listSnapshots", z.tuple([text.optional()]), z.array(Snapshot)),
  recordSnapshot: looks("recordSnapshot", z.tuple([Snapshot.omit({ at: true })]), Snapshot),
  removeSnapshots: looks("removeSnapshots", z.tuple([text, paths]), nothing),
  restoredSnapshot: looks("restoredSnapshot", z.tuple([Snapshot]), nothing),
}

const Code = z.custom<ErrorCode>((value) => typeof value === "string" && Object.hasOwn(errorStatus, value))
/** The code is null for an unexpected error. */
const Fault = z.object({
  code: Code.nullable(),
  message: text,
  details: z.record(z.string(), z.unknown()).exactOptional(),
})
type Fault = z.infer<typeof Fault>

const Open = z.object({
  path: text,
  dataDir: text,
  /** Separate from the snapshots of local folders, because each store removes blobs that it does not know. */
  snapshotsDir: text,
  sandbox: z.union([
    z.object({ kind: z.enum(["bubblewrap", "seatbelt", "off"]) }),
    z.object({ kind: z.literal("missing"), reason: text }),
  ]),
  owner: z.object({ projectId: text.exactOptional(), isOwn: z.boolean().exactOptional() }),
})
export type Open = z.infer<typeof Open>

export const ToProcess = z.discriminatedUnion("type", [
  Open.extend({ type: z.literal("open") }),
  z.object({ type: z.literal("call"), id, name: text, args: z.unknown() }),
  z.object({ type: z.literal("abort"), id }),
  z.object({ type: z.literal("answer"), ask: id, value: z.unknown(), fault: Fault.exactOptional() }),
])
export type ToProcess = z.infer<typeof ToProcess>

export const FromProcess = z.discriminatedUnion("type", [
  z.object({ type: z.literal("result"), id, value: z.unknown(), fault: Fault.exactOptional() }),
  z.object({ type: z.literal("output"), id, text }),
  /** `id`: the call it belongs to; 0 for none. */
  z.object({ type: z.literal("ask"), ask: id, id, name: text, args: z.unknown() }),
])
export type FromProcess = z.infer<typeof FromProcess>

export function toFault(thrown: unknown): Fault {
  if (!(thrown instanceof AuraError)) return { code: null, message: toMessage(thrown) }
  const { code, message, details } = thrown
  return { code, message, ...(details ? { details } : {}) }
}

export function toThrown({ code, message, details }: Fault): Error {
  return code ? new AuraError(code, message, details) : new Error(message)
}
