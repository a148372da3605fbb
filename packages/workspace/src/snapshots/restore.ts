/** Restores a snapshot: computes the differences to the folder, for a preview and for undoing them. */
import { randomUUID } from "node:crypto"
import { constants } from "node:fs"
import { chmod, chown, lstat, mkdir, open, readFile, rename, rm, rmdir, symlink } from "node:fs/promises"
import { dirname, join } from "node:path"
import { AuraError, maskFile, type SnapshotChange, type SnapshotPreview, toMessage } from "@aura/core"
import { createTwoFilesPatch } from "diff"
import { showBytes, toPath } from "../byte-path.ts"
import { withHeld, withParentHeld } from "../folder/held.ts"
import { ownerOf } from "../folder/owner.ts"
import type { Blobs } from "./blobs.ts"
import type { Manifest } from "./manifest.ts"

/** A path that differs from the snapshot. A file has the digest from the snapshot, a link its target, a folder neither. */
export type Step = {
  path: string
  op: SnapshotChange["op"]
  kind: "file" | "link" | "folder"
  bytes: number
  mode: number
  sha256?: string
  target?: string
}

const maxShown = 500
const maxDiffBytes = 200_000
/** Texts with more edits are not compared, because the time grows with the square. */
const maxEdits = 1_000
const permissions = 0o777

export function plan(then: Manifest, now: Manifest): Step[] {
  const [before, after] = [stepsOf(then), stepsOf(now)]
  const steps: Step[] = []
  for (const step of before.values()) {
    const other = after.get(step.path)
    const isSame =
      other?.kind === step.kind &&
      other.mode === step.mode &&
      other.sha256 === step.sha256 &&
      other.target === step.target
    if (isSame) continue
    steps.push({ ...step, op: other ? "changed" : "brought_back" })
  }
  const isLeftOut = (path: string) =>
    then.leftOut.some((left) => path === left.path || path.startsWith(`${left.path}/`))
  for (const step of after.values())
    if (!before.has(step.path) && !isLeftOut(step.path)) steps.push({ ...step, op: "removed" })
  return steps.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function stepsOf({ files, links, folders }: Manifest): Map<string, Omit<Step, "op">> {
  const steps: Omit<Step, "op">[] = [
    // Set-user-id and similar bits in older snapshots are not restored.
    ...files.map(
      ({ path, bytes, mode, sha256 }) =>
        ({ path, bytes, mode: mode & permissions, sha256, kind: "file" }) as const,
    ),
    ...links.map(({ path, target }) => ({ path, target, bytes: 0, mode: 0, kind: "link" }) as const),
    ...folders.map(
      ({ path, mode }) => ({ path, mode: mode & permissions, bytes: 0, kind: "folder" }) as const,
    ),
  ]
  return new Map(steps.map((step) => [step.path, step]))
}

export async function preview(steps: readonly Step[], root: string, blobs: Blobs): Promise<SnapshotPreview> {
  const changes: SnapshotChange[] = []
  for (const step of steps.slice(0, maxShown)) {
    const { path, op, bytes } = step
    changes.push({
      path: showBytes(step.kind === "folder" ? `${path}/` : path),
      op,
      bytes,
      diff: await diffOf(step, root, blobs),
    })
  }
  return { total: steps.length, changes }
}

async function diffOf(step: Step, root: string, blobs: Blobs): Promise<string> {
  if (step.kind !== "file" || step.bytes > maxDiffBytes) return ""
  const then = step.op === "removed" ? "" : toText(await blobs.read(step.sha256 ?? "").catch(() => undefined))
  const now = step.op === "brought_back" ? "" : await textOf(join(root, step.path))
  if (then === undefined || now === undefined || then === now) return ""
  const [masked, maskedThen] = [maskFile(step.path, now), maskFile(step.path, then)]
  if (masked === maskedThen) return ""
  const options = { context: 3, maxEditLength: maxEdits }
  const shown = showBytes(step.path)
  return createTwoFilesPatch(shown, shown, masked, maskedThen, undefined, undefined, options) ?? ""
}

async function textOf(path: string): Promise<string | undefined> {
  const found = await lstat(toPath(path)).catch(() => undefined)
  if (!found?.isFile() || found.size > maxDiffBytes) return undefined
  return toText(await readFile(toPath(path)))
}

function toText(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined || bytes.includes(0) ? undefined : bytes.toString("utf8")
}

/**
 * Restores the folder: removes extra entries first, then creates folders, files and links.
 * @throws AuraError `conflict` before anything is changed, when part of the snapshot is lost or damaged
 */
export async function goBack(
  steps: readonly Step[],
  then: Manifest,
  root: string,
  blobs: Blobs,
): Promise<void> {
  for (const { path, sha256 } of steps.filter((step) => step.op !== "removed"))
    if (sha256 !== undefined && (await blobs.digest(sha256).catch(() => "")) !== sha256)
      throw new AuraError(
        "conflict",
        `What ${showBytes(path)} held then is lost or damaged; nothing was changed.`,
      )
  await undo(steps, then, root, blobs).catch((cause: unknown) => {
    if (cause instanceof AuraError) throw cause
    throw new AuraError(
      "conflict",
      `Going back stopped half way: ${toMessage(cause)}. Fix that and go back once more; how the folder was until now is kept as the newest snapshot.`,
    )
  })
}

async function undo(steps: readonly Step[], then: Manifest, root: string, blobs: Blobs): Promise<void> {
  const wanted = steps.filter((step) => step.op !== "removed")
  const unlocked = new Set<string>()
  for (const { path } of steps) if (await unlock(root, dirname(path))) unlocked.add(dirname(path))
  // Deepest first, so that folders are empty by then. A folder that still contains excluded entries stays.
  for (const step of steps.toReversed())
    if (await lstat(toPath(join(root, step.path))).catch(() => undefined))
      await at(root, step.path, (place) => clear(step, place))
  for (const step of wanted) await at(root, step.path, (place) => make(step, place, root, blobs))
  // Modes last, because a folder may be read-only.
  const modes = new Map(wanted.map((step) => [step.path, step]))
  for (const { path, mode } of then.folders.toReversed())
    if (modes.has(path) || unlocked.has(path))
      await at(root, path, (place) => withHeld(place, (held) => chmod(held, mode & permissions)))
}

/**
 * Does not follow a link that replaced a folder meanwhile.
 * @param use gets a path that cannot be redirected by replacing a parent
 */
async function at(root: string, path: string, use: (place: string) => Promise<void>): Promise<void> {
  await withParentHeld(root, path, use).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ELOOP" && cause.code !== "ENOTDIR") throw cause
    throw new AuraError(
      "conflict",
      `${showBytes(dirname(path))} is in the way: it is no folder. Move it and go back once more.`,
    )
  })
}

/** Removes entries that are extra or of another kind. */
async function clear({ op, kind }: Step, place: string): Promise<void> {
  const found = await lstat(toPath(place)).catch(() => undefined)
  const isFolder = found?.isDirectory()
  if (isFolder === undefined || (op === "changed" && isFolder === (kind === "folder"))) return
  if (isFolder) await rmdir(toPath(place)).catch(() => undefined)
  else await rm(toPath(place), { force: true })
}

/** Makes a folder writable if its mode forbids it. @returns true when it did */
async function unlock(root: string, folder: string): Promise<boolean> {
  const found = await lstat(toPath(join(root, folder))).catch(() => undefined)
  if (!found?.isDirectory() || (found.mode & 0o300) === 0o300) return false
  await at(root, folder, (place) =>
    withHeld(place, async (held, handle) => {
      const { mode } = await handle.stat()
      await chmod(held, (mode & permissions) | 0o700)
    }),
  )
  return true
}

async function make(step: Step, place: string, root: string, blobs: Blobs): Promise<void> {
  const owner = await ownerOf(root)
  const settle = async (path: string, mode: number | undefined) =>
    await withHeld(path, async (held) => {
      if (owner) await chown(held, owner.uid, owner.gid)
      if (mode !== undefined) await chmod(held, mode)
    })
  if (step.kind === "folder") {
    await mkdir(toPath(place)).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EEXIST") throw cause
    })
    // Writable until all its entries are written.
    return await settle(place, (step.mode & permissions) | 0o700)
  }
  if (step.kind === "link") {
    await rm(toPath(place), { force: true })
    await symlink(toPath(step.target ?? ""), toPath(place))
    return await settle(place, undefined)
  }
  // A random name: a fixed one might be a file of the user.
  const draft = `${place}.${randomUUID()}.aura-draft`
  await blobs.copyTo(step.sha256 ?? "", draft)
  await settle(draft, step.mode & permissions)
  const file = await open(toPath(draft), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    () => undefined,
  )
  await file?.sync()
  await file?.close()
  await rename(toPath(draft), toPath(place)).catch(async (cause: unknown) => {
    await rm(toPath(draft), { force: true })
    throw cause
  })
}
