/** A place behind a child process. When the process dies, calls that only read are retried and the others fail. */
import { createHash } from "node:crypto"
import { join } from "node:path"
import type { Checkout } from "../checkout.ts"
import type { LocalPlaceOptions } from "../local/place.ts"
import type { Place } from "../place.ts"
import type { Sandbox } from "../sandbox/sandbox.ts"
import type { SnapshotRows } from "../snapshots/snapshots.ts"
import type { RunOptions, Workspace } from "../workspace.ts"
import { type Answer, type Connection, createConnection } from "./connection.ts"
import { createProcessGit } from "./process-git.ts"
import { asks, folder, methods } from "./protocol.ts"

export type ProcessPlaceOptions = Pick<LocalPlaceOptions, "path" | "owner"> & {
  dataDir: string
  sandbox: Sandbox
  rows: SnapshotRows
  /** Ends the process and everything that runs in it. */
  signal: AbortSignal
  /** Called with the id of each process that is started, including replacements. */
  onStart?: (pid: number) => void
}

export function openProcessPlace(options: ProcessPlaceOptions): Place {
  const { path: root, dataDir, sandbox, owner = {}, rows, signal, onStart } = options
  const key = createHash("sha256").update(root).digest("hex").slice(0, 24)
  const snapshotsDir = join(dataDir, "places", key)
  const connection = createConnection({
    open: { path: root, dataDir, snapshotsDir, sandbox, owner },
    onAsk: answerRows(rows),
    onStart,
    signal,
  })
  const { call } = connection
  const workspace = createProcessWorkspace(connection, root, async () => folder)
  return {
    root,
    workspace,
    snapshots: {
      take: async (of) => await call(methods.takeSnapshot, [of]),
      preview: async (snapshot) => await call(methods.previewSnapshot, [snapshot]),
      restore: async (snapshot) => await call(methods.restoreSnapshot, [snapshot]),
    },
    terminals: {
      kind: "unavailable",
      reason: "A folder behind a process of its own has no terminals. Open a terminal of this machine.",
    },
    hostFiles: { kind: "available", resolve: async (path) => await call(methods.resolve, [path]) },
    describeMachine: async () => await call(methods.describeMachine, []),
    check: async () => await call(methods.check, []),
    async findGit() {
      const found = await call(methods.findGit, [])
      return found && createProcessGit(connection, found)
    },
    checkout: async () => await openProcessCheckout(connection),
    async prepare() {
      const { notes, ...repository } = await call(methods.prepare, [])
      const checkout = await openProcessCheckout(connection)
      return { workspace, git: createProcessGit(connection, repository), checkout, notes }
    },
  }
}

function answerRows(rows: SnapshotRows): Answer {
  return async (name, args) => {
    switch (name) {
      case asks.listSnapshots.name:
        return await rows.list(...asks.listSnapshots.args.parse(args))
      case asks.recordSnapshot.name:
        return await rows.record(...asks.recordSnapshot.args.parse(args))
      case asks.removeSnapshots.name:
        return await rows.remove(...asks.removeSnapshots.args.parse(args))
      case asks.restoredSnapshot.name:
        return await rows.restored(...asks.restoredSnapshot.args.parse(args))
      default:
        throw new Error(`the process of a place asked for ${name}`)
    }
  }
}

/** @param at the folder, or the checkout that is meant */
function createProcessWorkspace(
  { call }: Connection,
  root: string,
  at: () => Promise<number>,
): Workspace & Pick<Checkout, "run"> {
  return {
    root,
    read: async (path) => await call(methods.read, [await at(), path]),
    readBytes: async (path) => await call(methods.readBytes, [await at(), path]),
    exists: async (path) => await call(methods.exists, [await at(), path]),
    async write(path, content, allow) {
      const onAsk: Answer = async (_, args) => await allow?.(...asks.replace.args.parse(args))
      await call(methods.write, [await at(), path, content, allow !== undefined], { onAsk })
    },
    remove: async (path) => await call(methods.remove, [await at(), path]),
    move: async (path, to) => await call(methods.move, [await at(), path, to]),
    list: async (path) => await call(methods.list, [await at(), path]),
    async run(command, { signal, onOutput, onBegin, ...options }: RunOptions) {
      const onAsk: Answer = async () => await onBegin?.()
      const about = { ...options, asks: onBegin !== undefined }
      return await call(methods.run, [await at(), command, about], { signal, onOutput, onAsk })
    },
    search: {
      files: async (glob, signal) => await call(methods.searchFiles, [await at(), glob], { signal }),
      lines: async (query, signal) => await call(methods.searchLines, [await at(), query], { signal }),
      text: async (query) => await call(methods.searchText, [await at(), query]),
    },
  }
}

/** A number that no process uses for a checkout, so that it reports the loss. */
const lostCheckout = -1

/** A checkout is lost with its process; `reset`, which starts each use, opens a new one. */
async function openProcessCheckout(connection: Connection): Promise<Checkout> {
  const { call } = connection
  const { root, ...opened } = await call(methods.openCheckout, [])
  let { where } = opened
  let { generation } = connection
  const at = async () => (generation === connection.generation ? where : lostCheckout)
  const workspace = createProcessWorkspace(connection, root, at)
  return {
    folder: workspace,
    run: workspace.run,
    async reset(tree) {
      if (generation !== connection.generation) {
        where = (await call(methods.openCheckout, [])).where
        generation = connection.generation
      }
      await call(methods.checkoutReset, [where, tree])
    },
    touched: async () => await call(methods.checkoutTouched, [await at()]),
    keep: async () => await call(methods.checkoutKeep, [await at()]),
    goBack: async () => await call(methods.checkoutGoBack, [await at()]),
    remove: async () => await call(methods.checkoutRemove, [await at()]),
  }
}
