/** The child process of a place: opens the given folder, answers calls about it, and ends with Aura. */
import { AuraError, createIds } from "@aura/core"
import type { Checkout } from "../checkout.ts"
import { createCustody } from "../custody/custody.ts"
import type { Git } from "../git/git.ts"
import { openLocalPlace } from "../local/place.ts"
import type { Place } from "../place.ts"
import { createSnapshots, type SnapshotRows } from "../snapshots/snapshots.ts"
import {
  asks,
  type FromProcess,
  folder,
  type Method,
  methods,
  type Open,
  ToProcess,
  toFault,
  toThrown,
} from "./protocol.ts"

/** The call that is being answered. */
type Call = { id: number; signal: AbortSignal }
type Act = (args: unknown, call: Call) => Promise<unknown>

const acts = new Map<string, Act>()
const aborts = new Map<number, AbortController>()
const waiting = new Map<number, { resolve(value: unknown): void; reject(thrown: unknown): void }>()
let lastAsk = 0

function on<A, R>({ name, args }: Method<A, R>, act: (args: A, call: Call) => Promise<R>): void {
  acts.set(name, (given, call) => act(args.parse(given), call))
}

/** @param id the call it belongs to; 0 for none */
async function ask<A, R>({ name, result }: Method<A, R>, args: A, id = 0): Promise<R> {
  const number = ++lastAsk
  const answer = new Promise<unknown>((resolve, reject) => waiting.set(number, { resolve, reject }))
  send({ type: "ask", ask: number, id, name, args })
  return result.parse(await answer)
}

function send(message: FromProcess): void {
  if (process.connected) process.send?.(message)
}

process.on("message", (message) => {
  const told = ToProcess.parse(message)
  if (told.type === "open") return serve(told)
  if (told.type === "abort") return aborts.get(told.id)?.abort()
  if (told.type === "call") return void answer(told)
  const asked = waiting.get(told.ask)
  waiting.delete(told.ask)
  if (told.fault) asked?.reject(toThrown(told.fault))
  else asked?.resolve(told.value)
})
process.on("disconnect", () => process.exit(0))

async function answer({ id, name, args }: { id: number; name: string; args?: unknown }): Promise<void> {
  const abort = new AbortController()
  aborts.set(id, abort)
  const act = acts.get(name)
  try {
    if (!act) throw new Error(`the process of a place knows no ${name}`)
    send({ type: "result", id, value: await act(args, { id, signal: abort.signal }) })
  } catch (thrown) {
    send({ type: "result", id, value: undefined, fault: toFault(thrown) })
  } finally {
    aborts.delete(id)
  }
}

function serve({ path, dataDir, snapshotsDir, sandbox, owner }: Open): void {
  const newId = createIds(Date.now, Math.random)
  const rows: SnapshotRows = {
    list: async (projectId) => await ask(asks.listSnapshots, [projectId]),
    record: async (taken) => await ask(asks.recordSnapshot, [taken]),
    remove: async (projectId, ids) => await ask(asks.removeSnapshots, [projectId, ids]),
    restored: async (snapshot) => await ask(asks.restoredSnapshot, [snapshot]),
  }
  const snapshots = createSnapshots(
    { dataDir: snapshotsDir, now: Date.now, newId: () => newId("snapshot"), rows },
    { holdsGit: sandbox.kind === "off" || sandbox.kind === "missing" },
  )
  const custody = createCustody({ sandbox, dataDir })
  const place = openLocalPlace({ path, machine: { dataDir, custody, sandbox, snapshots }, owner })
  const checkouts = new Map<number, Checkout>()
  servePlace(place)
  serveFolders(place, checkouts)
  serveCheckouts(place, checkouts)
  serveGit(place)
}

function servePlace(place: Place): void {
  on(methods.describeMachine, async () => await place.describeMachine())
  on(methods.check, async () => await place.check())
  on(methods.prepare, async () => {
    const { git, notes } = await place.prepare()
    return { root: git.root, prefix: git.prefix, notes }
  })
  on(methods.findGit, async () => {
    const git = await place.findGit()
    return git && { root: git.root, prefix: git.prefix }
  })
  on(methods.resolve, async ([path]) => {
    if (place.hostFiles.kind === "unavailable")
      throw new AuraError("service_unavailable", place.hostFiles.reason)
    return await place.hostFiles.resolve(path)
  })
  on(methods.takeSnapshot, async ([of]) => await place.snapshots.take(of))
  on(methods.previewSnapshot, async ([snapshot]) => await place.snapshots.preview(snapshot))
  on(methods.restoreSnapshot, async ([snapshot]) => await place.snapshots.restore(snapshot))
}

function serveFolders(place: Place, checkouts: ReadonlyMap<number, Checkout>): void {
  const at = (where: number) => (where === folder ? place.workspace : find(checkouts, where).folder)
  on(methods.read, async ([where, path]) => await at(where).read(path))
  on(methods.readBytes, async ([where, path]) => await at(where).readBytes(path))
  on(methods.exists, async ([where, path]) => await at(where).exists(path))
  on(methods.write, async ([where, path, content, asksBefore], { id }) => {
    const allow = async (now: string | undefined) => await ask(asks.replace, [now], id)
    await at(where).write(path, content, asksBefore ? allow : undefined)
  })
  on(methods.remove, async ([where, path]) => await at(where).remove(path))
  on(methods.move, async ([where, path, to]) => await at(where).move(path, to))
  on(methods.list, async ([where, path]) => await at(where).list(path))
  on(methods.run, async ([where, command, { asks: asksBefore, ...options }], { id, signal }) => {
    const all = {
      ...options,
      signal,
      onOutput: (text: string) => send({ type: "output", id, text }),
      ...(asksBefore ? { onBegin: async () => await ask(asks.begin, [], id) } : {}),
    }
    return await (where === folder ? place.workspace : find(checkouts, where)).run(command, all)
  })
  on(methods.searchFiles, async ([where, glob], { signal }) => await at(where).search.files(glob, signal))
  on(methods.searchLines, async ([where, query], { signal }) => await at(where).search.lines(query, signal))
  on(methods.searchText, async ([where, query]) => await at(where).search.text(query))
}

function serveCheckouts(place: Place, checkouts: Map<number, Checkout>): void {
  on(methods.openCheckout, async () => {
    const checkout = await place.checkout()
    const where = checkouts.size + 1
    checkouts.set(where, checkout)
    return { where, root: checkout.folder.root }
  })
  on(methods.checkoutReset, async ([where, tree]) => await find(checkouts, where).reset(tree))
  on(methods.checkoutTouched, async ([where]) => await find(checkouts, where).touched())
  on(methods.checkoutKeep, async ([where]) => await find(checkouts, where).keep())
  on(methods.checkoutGoBack, async ([where]) => await find(checkouts, where).goBack())
  on(methods.checkoutRemove, async ([where]) => await find(checkouts, where).remove())
}

function find(checkouts: ReadonlyMap<number, Checkout>, where: number): Checkout {
  const found = checkouts.get(where)
  if (found) return found
  throw new AuraError(
    "service_unavailable",
    "The clean checkout was lost with the process that kept it. Run the check again.",
  )
}

function serveGit(place: Place): void {
  let opened: Promise<Git> | undefined
  const open = async (): Promise<Git> => {
    const git = await place.findGit()
    if (git) return git
    throw new AuraError("conflict", `${place.root} has no git repository.`)
  }
  const git = async () => {
    opened ??= open().catch((thrown: unknown) => {
      opened = undefined
      throw thrown
    })
    return await opened
  }
  on(methods.snapshot, async () => await (await git()).snapshot())
  on(methods.headTree, async () => await (await git()).headTree())
  on(methods.changes, async (args) => await (await git()).changes(...args))
  on(methods.added, async (args) => await (await git()).added(...args))
  on(methods.texts, async ([from, to, wanted]) => {
    return await (await git()).texts(from, to, (path) => wanted.has(path))
  })
  on(methods.readTree, async (args) => await (await git()).read(...args))
  on(methods.listTree, async (args) => await (await git()).list(...args))
  on(methods.commit, async (args) => await (await git()).commit(...args))
  on(methods.withPaths, async (args) => await (await git()).withPaths(...args))
  on(methods.treeOf, async (args) => await (await git()).treeOf(...args))
  on(methods.findCommit, async (args) => await (await git()).findCommit(...args))
  on(methods.rebase, async (args) => await (await git()).rebase(...args))
  on(methods.setAside, async (args) => await (await git()).setAside(...args))
  on(methods.standing, async (args) => await (await git()).standing(...args))
  on(methods.forwardTo, async (args) => await (await git()).forwardTo(...args))
  on(methods.uncommitted, async (args) => await (await git()).uncommitted(...args))
  on(methods.filtered, async (args) => await (await git()).filtered(...args))
  on(methods.restore, async (args) => await (await git()).restore(...args))
  on(methods.committed, async (args) => await (await git()).committed(...args))
  on(methods.parentOf, async (args) => await (await git()).parentOf(...args))
  on(methods.diff, async (args) => await (await git()).diff(...args))
  on(methods.undo, async (args) => await (await git()).undo(...args))
  on(methods.blame, async (args) => await (await git()).blame(...args))
  on(methods.findHash, async (args) => await (await git()).findHash(...args))
  on(methods.describe, async (args) => await (await git()).describe(...args))
  on(methods.log, async () => await (await git()).log())
}
