/** Snapshots of a folder: taken before tasks and before commands that may destroy files, stored apart from git, and restorable. */
import { mkdir, stat, statfs } from "node:fs/promises"
import { join } from "node:path"
import { AuraError, isDiskFull, type Snapshot, type SnapshotPreview } from "@aura/core"
import { showBytes } from "../byte-path.ts"
import { refuseReplaced } from "../folder/folder.ts"
import { gitHome } from "../git/own-directory.ts"
import { openRepository } from "../git/repository.ts"
import { type Blobs, openBlobs } from "./blobs.ts"
import { compare, type FolderState, isUnchanged } from "./folder-state.ts"
import { createManifests, type File, type Manifest } from "./manifest.ts"
import { goBack, plan, preview } from "./restore.ts"
import { type Found, scanAll } from "./walk.ts"

/** The occasion of a snapshot. */
export type Moment = {
  projectId: string
  instanceId: string | null
  taskId: string | null
  /** The folder. */
  root: string
  kind: Snapshot["kind"]
  why: string
}

export type Snapshots = {
  /** @throws AuraError `service_unavailable` when there is no room or the folder cannot be read */
  take(of: Moment): Promise<Snapshot>
  /** Removes contents of deleted snapshots, such as those of a removed project. */
  forget(): Promise<void>
  preview(snapshot: Snapshot): Promise<SnapshotPreview>
  /** Restores the folder, after taking a snapshot of its current state. @throws AuraError `conflict` when a file of it is lost */
  restore(snapshot: Snapshot): Promise<{ changed: number; before: Snapshot }>
}

/** The number kept of each kind, besides the first snapshot of a folder: many commands in one night do not displace those of tasks. */
const keptOfKind = { task: 200, command: 40, restore: 20, hand: 50 } as const
/** This many more may accumulate before old ones are removed, because removal scans all of them. */
const slack = 20
/** With less free space the disk counts as full. */
const spareBytes = 64 * 1024 * 1024

/** The stored rows of snapshots. Lists are oldest first. */
export type SnapshotRows = {
  list(projectId?: string): Promise<Snapshot[]>
  record(taken: Omit<Snapshot, "at">): Promise<Snapshot>
  remove(projectId: string, ids: readonly string[]): Promise<void>
  restored(snapshot: Snapshot): Promise<void>
}

/** @param holdsGit true: `.git` is kept as well, for commands run without a sandbox that protects it */
export function createSnapshots(
  of: { dataDir: string; now: () => number; newId: () => string; rows: SnapshotRows },
  { holdsGit }: { holdsGit: boolean },
): Snapshots {
  const { dataDir, now, newId, rows: snapshots } = of
  const home = join(dataDir, "snapshots")
  const manifests = createManifests(join(home, "manifests"))
  /** The last known state of each folder, so that unchanged files are not read again. */
  const newest = new Map<string, FolderState>()
  let opened: Promise<Blobs> | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const blobs = async () => {
    opened ??= mkdir(join(home, "manifests"), { recursive: true, mode: 0o700 }).then(() =>
      openBlobs(join(home, "blobs")),
    )
    return await opened
  }

  /** One at a time: nothing is stored while old contents are removed. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work, work)
    turn = next.catch(() => undefined)
    return await next
  }

  async function lastOf(root: string, projectId: string): Promise<FolderState | undefined> {
    const known = newest.get(root)
    if (known) return known
    const row = (await snapshots.list(projectId)).findLast((one) => one.root === root)
    const read = row && (await manifests.read(row.id).catch(() => undefined))
    return read && { ...read, scan: undefined, keptAs: undefined }
  }

  /** Reads the current folder and stores its contents. */
  async function readFolder(root: string, projectId: string): Promise<FolderState> {
    await refuseReplaced(root)
    const store = await blobs()
    const begunAt = now()
    const isTracked = (paths: readonly string[]) => trackedOf(root, gitHome(dataDir), paths)
    const scan = await scanAll(root, { withGit: holdsGit, isTracked })
    const last = await lastOf(root, projectId)
    if (last && isUnchanged(last, scan)) return last
    const compared = compare(last, scan)
    const fresh = compared.flatMap(({ found }) => found ?? [])
    await refuseWithoutRoom(home, fresh)
    const taken = await store.takeAll(root, fresh).catch((cause: unknown) => {
      throw isDiskFull(cause)
        ? new AuraError("service_unavailable", "The disk of Aura's data directory is full.", {
            reason: "disk_full",
          })
        : cause
    })
    const files: File[] = []
    const leftOut = [...scan.leftOut]
    let next = 0
    for (const { known, found } of compared) {
      if (known) files.push(known)
      if (!found) continue
      const result = taken[next++]
      const { path, bytes, mode, stamp } = found
      if (result && "sha256" in result) files.push({ path, bytes, mode, stamp, sha256: result.sha256 })
      else if (result && result.why !== "gone") leftOut.push({ path, why: result.why })
    }
    const manifest = { begunAt, files, links: scan.links, folders: scan.folders, leftOut }
    return { manifest, base: last?.base, scan, keptAs: undefined }
  }

  async function takeNow(of: Moment): Promise<Snapshot> {
    const state = await readFolder(of.root, of.projectId)
    const { manifest } = state
    const id = newId()
    const base = await manifests.write(id, manifest, state.base)
    newest.set(of.root, { ...state, base, keptAs: state.keptAs ?? id })
    const snapshot = await snapshots.record({
      ...of,
      id,
      ...(state.keptAs === undefined ? {} : { sameAs: state.keptAs }),
      files: manifest.files.length + manifest.links.length,
      bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
      leftOut: manifest.leftOut.slice(0, 100).map(({ path, why }) => ({ path: showBytes(path), why })),
    })
    await prune(of.projectId)
    return snapshot
  }

  async function prune(projectId: string): Promise<void> {
    const rows = await snapshots.list(projectId)
    const old = rows.filter(isOld)
    if (old.length < slack) return
    await snapshots.remove(
      projectId,
      old.map(({ id }) => id),
    )
    await sweep()
  }

  /** Removes rows first, then manifests without a row, then blobs without a manifest: a crash at any point loses nothing that is kept. */
  async function sweep(): Promise<void> {
    const wanted = await manifests.keepOnly(new Set((await snapshots.list()).map(({ id }) => id)))
    for (const { manifest } of newest.values()) for (const file of manifest.files) wanted.add(file.sha256)
    await (await blobs()).keepOnly(wanted)
  }

  async function open(snapshot: Snapshot): Promise<Manifest> {
    const read = await manifests.read(snapshot.id).catch(() => {
      throw new AuraError("conflict", "The snapshot's list of files is lost or damaged; nothing was changed.")
    })
    return read.manifest
  }

  return {
    take: async (of) => await inTurn(() => takeNow(of)),
    forget: async () =>
      await inTurn(async () => {
        newest.clear()
        if (await stat(home).catch(() => undefined)) await sweep()
      }),
    preview: async (snapshot) =>
      await inTurn(async () => {
        const { projectId, root } = snapshot
        const steps = plan(await open(snapshot), (await readFolder(root, projectId)).manifest)
        return await preview(steps, root, await blobs())
      }),
    restore: async (snapshot) =>
      await inTurn(async () => {
        const manifest = await open(snapshot)
        const { projectId, instanceId, root } = snapshot
        const why = `Before going back to ${snapshot.at}`
        const before = await takeNow({ projectId, instanceId, taskId: null, root, kind: "restore", why })
        const steps = plan(manifest, await open(before))
        await goBack(steps, manifest, root, await blobs())
        await snapshots.restored(snapshot)
        return { changed: steps.length, before }
      }),
  }
}

/** Duplicates of newer snapshots are removed first: many commands that change nothing do not displace other states. */
function isOld(row: Snapshot, at: number, rows: readonly Snapshot[]): boolean {
  const isFirst = !rows.slice(0, at).some((other) => other.root === row.root)
  const newer = rows.slice(at + 1).filter((other) => other.kind === row.kind)
  const contents = new Set(newer.map(contentOf))
  const most = keptOfKind[row.kind]
  return !isFirst && (contents.size >= most || (contents.has(contentOf(row)) && newer.length >= most))
}

function contentOf({ id, sameAs }: Snapshot): string {
  return sameAs ?? id
}

async function trackedOf(root: string, home: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const repository = await openRepository(root, home).catch(() => undefined)
  if (!repository) return new Set()
  const args = ["ls-files", "-z", "--", ...paths.map((path) => `:(literal)${path}`)]
  const known = (await repository.names(args).catch(() => "")).split("\0")
  return new Set(paths.filter((path) => known.some((file) => file.startsWith(`${path}/`))))
}

async function refuseWithoutRoom(home: string, fresh: readonly Found[]): Promise<void> {
  const { bavail, bsize } = await statfs(home)
  const needed = fresh.reduce((sum, file) => sum + file.bytes, 0)
  const free = bavail * bsize
  if (needed === 0 || free >= needed + spareBytes) return
  throw new AuraError(
    "service_unavailable",
    `There is not enough room on the disk of Aura's data directory to keep the folder as it is: ${toMegabytes(needed)} are needed, ${toMegabytes(free)} are free. Make some.`,
    // Retries only for a full disk, not for a folder that is larger than the disk.
    free < spareBytes ? { reason: "disk_full" } : undefined,
  )
}

function toMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024).toLocaleString("en")} MB`
}
