/** Checkpoints: whole, verified copies of the database that share no file with it. */
import { copyFile, link, mkdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { AuraError, toMessage } from "@aura/core"
import { z } from "zod"
import { inspect, toReason } from "./damage.ts"
import { listNames, readIfThere, replaceFile, syncFolder, syncPath } from "./folder.ts"
import type { Head } from "./pages.ts"
import type { Places } from "./places.ts"
import { isDiskFull, openRocksPages, type RocksPages } from "./rocks-pages.ts"
import { HeadNote } from "./witness.ts"

const Note = HeadNote.extend({
  at: z.iso.datetime(),
  /** What each table file was copied from, so that the next checkpoint need not copy it again. */
  sources: z.record(z.string(), z.string()),
})
type Note = z.infer<typeof Note>
export type Checkpoint = { name: string; note: Note }

const kept = 3
/** The engine's lock, session and own log belong to the process that wrote them. */
const leftOut = /^(LOCK|SESSION_ID|LOG.*)$/

/** The finished checkpoints, newest first. */
export async function listCheckpoints(folder: string): Promise<Checkpoint[]> {
  const names = (await listNames(folder)).filter((name) => /^\d+-/.test(name))
  const all = await Promise.all(
    names.map(async (name) => ({ name, note: await readNote(join(folder, name)) })),
  )
  return all
    .flatMap(({ name, note }) => (note ? [{ name, note }] : []))
    .sort((a, b) => b.note.at.localeCompare(a.note.at) || b.note.seq - a.note.seq)
}

/**
 * Table files never change, so while the engine is held still they are only linked; afterwards each link gives
 * way to a copy of its own, because one bad sector under a shared file would spoil the checkpoint too.
 * @returns the name of the checkpoint.
 * @throws AuraError `service_unavailable` when the disk refuses, or the copy does not pass the check that every
 * start makes; older checkpoints stay then.
 */
export async function makeCheckpoint(pages: RocksPages, places: Places, now: number): Promise<string> {
  const { db, checkpoints: folder } = places
  const older = await listCheckpoints(folder)
  const making = join(folder, "making")
  const copy = join(making, "db")
  await rm(making, { recursive: true, force: true })
  await mkdir(copy, { recursive: true, mode: 0o700 })
  try {
    const linked = await pages.holdStill(() => copyStill(db, copy))
    const sources: Record<string, string> = {}
    for (const name of linked) {
      sources[name] = await identify(join(copy, name))
      const before = older.find(({ note }) => note.sources[name] === sources[name])
      await replaceLink(join(copy, name), before && join(folder, before.name, "db", name))
    }
    const { head } = await verify(copy)
    const at = new Date(now).toISOString()
    await syncFolder(copy)
    await replaceFile(join(making, "checkpoint.json"), JSON.stringify({ ...head, at, sources }))
    return await keep(making, folder, `${head.seq}-${at.replaceAll(/[:.]/g, "")}`)
  } catch (error) {
    throw new AuraError(
      "service_unavailable",
      `No checkpoint was made: ${toMessage(error)}. The ones there are were kept.`,
      { reason: isDiskFull(error) ? "disk_full" : "copy_failed" },
    )
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

/** Opens a copy read-only and checks it as a start would. */
export async function verify(db: string): Promise<{ head: Head }> {
  const pages = await openRocksPages(db, { readOnly: true })
  try {
    const found = await inspect(pages)
    const reason = toReason(found)
    if (reason === undefined) return found
    throw new Error(`the copy is damaged: ${reason}`)
  } finally {
    await pages.close()
  }
}

export async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await syncPath(to, "r+")
}

export function isCopied(name: string): boolean {
  return !leftOut.test(name)
}

async function copyStill(db: string, copy: string): Promise<string[]> {
  const names = (await listNames(db)).filter(isCopied)
  const tables = names.filter((name) => name.endsWith(".sst"))
  for (const name of names) {
    const [from, to] = [join(db, name), join(copy, name)]
    if (!tables.includes(name)) await copyDurably(from, to)
    else await link(from, to).catch(() => copyDurably(from, to))
  }
  return tables
}

/** Tells one table file from every other, also from one of the same name after a restore. */
async function identify(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path)
  return `${ino}-${size}-${mtimeMs}`
}

/** Puts a file of the checkpoints in the place of a link into the database. */
async function replaceLink(path: string, copyBefore: string | undefined): Promise<void> {
  const own = `${path}.own`
  if (copyBefore) await link(copyBefore, own).catch(() => copyDurably(path, own))
  else await copyDurably(path, own)
  await rename(own, path)
}

async function keep(making: string, folder: string, name: string): Promise<string> {
  const there = await listNames(folder)
  if (there.includes(name)) return name
  await rename(making, join(folder, name))
  await syncFolder(folder)
  const surplus = (await listCheckpoints(folder)).filter((each) => each.name !== name).slice(kept - 1)
  for (const old of surplus) await rm(join(folder, old.name), { recursive: true })
  return name
}

async function readNote(path: string): Promise<Note | undefined> {
  const text = await readIfThere(join(path, "checkpoint.json"))
  return text === undefined ? undefined : Note.safeParse(parseJson(text)).data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
