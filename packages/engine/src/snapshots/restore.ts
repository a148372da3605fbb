/** Going back: what differs between a snapshot and a folder, shown first and undone then. */
import { randomUUID } from "node:crypto"
import { chmod, lstat, mkdir, open, readFile, rename, rm, rmdir, symlink } from "node:fs/promises"
import { dirname, join } from "node:path"
import { AuraError, maskFile, type SnapshotChange, type SnapshotPreview, toMessage } from "@aura/core"
import { createTwoFilesPatch } from "diff"
import { giveOneToOwner } from "../owner.ts"
import type { Blobs } from "./blobs.ts"
import type { Manifest } from "./manifest.ts"

/** One path that is not as it was. A file has its digest of then, a link its target, a folder neither. */
export type Step = {
  path: string
  op: SnapshotChange["op"]
  kind: "file" | "link" | "folder"
  bytes: number
  mode: number
  sha256?: string
  target?: string
}

const mostShown = 500
const mostDiffBytes = 200_000
/** Texts further apart are not compared: that takes time that grows with the square of it. */
const mostEdits = 1_000
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
    // Earlier snapshots hold set-user-id and the like, which are not given back.
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
  for (const step of steps.slice(0, mostShown)) {
    const { path, op, bytes } = step
    changes.push({
      path: step.kind === "folder" ? `${path}/` : path,
      op,
      bytes,
      diff: await diffOf(step, root, blobs),
    })
  }
  return { total: steps.length, changes }
}

async function diffOf(step: Step, root: string, blobs: Blobs): Promise<string> {
  if (step.kind !== "file" || step.bytes > mostDiffBytes) return ""
  const then = step.op === "removed" ? "" : toText(await blobs.read(step.sha256 ?? "").catch(() => undefined))
  const now = step.op === "brought_back" ? "" : await textOf(join(root, step.path))
  if (then === undefined || now === undefined || then === now) return ""
  const [masked, maskedThen] = [maskFile(step.path, now), maskFile(step.path, then)]
  if (masked === maskedThen) return ""
  const options = { context: 3, maxEditLength: mostEdits }
  return createTwoFilesPatch(step.path, step.path, masked, maskedThen, undefined, undefined, options) ?? ""
}

async function textOf(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined)
  if (!found?.isFile() || found.size > mostDiffBytes) return undefined
  return toText(await readFile(path))
}

function toText(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined || bytes.includes(0) ? undefined : bytes.toString("utf8")
}

/**
 * Makes the folder as it was: what is too much goes, then folders, files and links come.
 * @throws AuraError `conflict` before anything is touched, when something the snapshot holds is lost or damaged
 */
export async function goBack(
  steps: readonly Step[],
  then: Manifest,
  root: string,
  blobs: Blobs,
): Promise<void> {
  for (const { path, sha256 } of steps.filter((step) => step.op !== "removed"))
    if (sha256 !== undefined && (await blobs.digest(sha256).catch(() => "")) !== sha256)
      throw new AuraError("conflict", `What ${path} held then is lost or damaged; nothing was changed.`)
  await undo(steps, then, root, blobs).catch((cause: unknown) => {
    if (cause instanceof AuraError) throw cause
    throw new AuraError(
      "conflict",
      `Going back stopped half way: ${toMessage(cause)}. Mend that and go back once more; how the folder was until now is kept as the newest snapshot.`,
    )
  })
}

async function undo(steps: readonly Step[], then: Manifest, root: string, blobs: Blobs): Promise<void> {
  const wanted = steps.filter((step) => step.op !== "removed")
  const unlocked = new Set<string>()
  for (const { path } of steps) if (await unlock(root, dirname(path))) unlocked.add(dirname(path))
  // Deepest first, so that folders are empty by then. One with something in it that is left out stays.
  for (const { path, op, kind } of steps.toReversed()) {
    const place = join(root, path)
    const isFolder = await lstat(place).then(
      (found) => found.isDirectory(),
      () => undefined,
    )
    if (isFolder === undefined || (op === "changed" && isFolder === (kind === "folder"))) continue
    await refuseLinked(root, path)
    if (isFolder) await rmdir(place).catch(() => undefined)
    else await rm(place, { force: true })
  }
  for (const step of wanted) {
    await make(step, root, blobs)
    await giveOneToOwner(join(root, step.path), root)
  }
  // Modes last: a folder may be one that nothing can be written into.
  const modes = new Map(wanted.map((step) => [step.path, step]))
  for (const { path, mode } of then.folders.toReversed())
    if (modes.has(path) || unlocked.has(path)) await chmod(join(root, path), mode & permissions)
}

/** Lets the entries of a folder be changed, where its mode forbids it. @returns true when it did */
async function unlock(root: string, folder: string): Promise<boolean> {
  const found = await lstat(join(root, folder)).catch(() => undefined)
  if (!found?.isDirectory() || (found.mode & 0o300) === 0o300) return false
  await refuseLinked(root, folder)
  await chmod(join(root, folder), (found.mode & 0o7777) | 0o700)
  return true
}

async function make(step: Step, root: string, blobs: Blobs): Promise<void> {
  const place = join(root, step.path)
  await refuseLinked(root, step.path)
  if (step.kind === "folder") {
    await mkdir(place, { recursive: true })
    // Writable until all in it is written.
    return await chmod(place, (step.mode & permissions) | 0o700)
  }
  if (step.kind === "link") {
    await rm(place, { force: true })
    return await symlink(step.target ?? "", place)
  }
  // A name of its own: one that is always the same might be a file of the user's.
  const draft = `${place}.${randomUUID()}.aura-draft`
  await blobs.copyTo(step.sha256 ?? "", draft)
  await chmod(draft, step.mode & permissions)
  const file = await open(draft, "r").catch(() => undefined)
  await file?.sync()
  await file?.close()
  await rename(draft, place).catch(async (cause: unknown) => {
    await rm(draft, { force: true })
    throw cause
  })
}

/** What is above a place is a folder each, and no link that leads elsewhere. */
async function refuseLinked(root: string, path: string): Promise<void> {
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const found = await lstat(join(root, folder)).catch(() => undefined)
    if (found && !found.isDirectory())
      throw new AuraError(
        "conflict",
        `${folder} is in the way: it is no folder. Move it and go back once more.`,
      )
  }
}
