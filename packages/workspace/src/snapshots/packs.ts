/**
 * Packs: many small blobs in one file, so that each does not use a disk block. A pack is written once and atomically,
 * and never changed: a magic number, the number of blobs, the digest and length of each, then their bytes.
 */
import { randomBytes, randomUUID } from "node:crypto"
import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"

export type Blob = { sha256: string; bytes: Uint8Array }

export type Packs = {
  has(sha256: string): boolean
  /** @throws when it is not there, or damaged */
  read(sha256: string): Promise<Buffer>
  add(blobs: readonly Blob[]): Promise<void>
  /** Removes packs without wanted blobs; from packs with few wanted blobs, moves them into a new pack. */
  keepOnly(wanted: ReadonlySet<string>): Promise<void>
}

type Place = { pack: string; at: number; length: number }

const sign = Buffer.from("aura pack 1\n")
const headBytes = sign.length + 4
const rowBytes = 36
/** A pack below this size, or with less than half of it wanted, is merged with others. */
const smallPack = 1024 * 1024
/** Fewer small packs are not merged, since merging costs more than keeping them. */
const maxSmallPacks = 16
const largestPack = 64 * 1024 * 1024

export async function openPacks(dir: string, drafts: string): Promise<Packs> {
  const places = new Map<string, Place>()
  const names = await readdir(dir).catch(() => [])
  for (const name of names) for (const [sha256, place] of await readRows(dir, name)) places.set(sha256, place)

  async function add(blobs: readonly Blob[]): Promise<void> {
    const fresh = [...new Map(blobs.map((blob) => [blob.sha256, blob])).values()]
    let part: Blob[] = []
    let bytes = 0
    for (const blob of fresh) {
      part.push(blob)
      bytes += blob.bytes.length
      if (bytes < largestPack) continue
      await write(part)
      part = []
      bytes = 0
    }
    if (part.length > 0) await write(part)
  }

  async function write(blobs: readonly Blob[]): Promise<void> {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(blobs.length)
    const rows = Buffer.alloc(blobs.length * rowBytes)
    for (const [i, { sha256, bytes }] of blobs.entries()) {
      rows.write(sha256, i * rowBytes, "hex")
      rows.writeUInt32BE(bytes.length, i * rowBytes + 32)
    }
    const head = Buffer.concat([sign, count, rows])
    const name = randomBytes(32).toString("hex")
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const draft = join(drafts, randomUUID())
    const file = await open(draft, "wx", 0o600)
    try {
      await file.writeFile(Buffer.concat([head, ...blobs.map(({ bytes }) => bytes)]))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, join(dir, name))
    let at = head.length
    for (const { sha256, bytes } of blobs) {
      places.set(sha256, { pack: name, at, length: bytes.length })
      at += bytes.length
    }
  }

  async function read(sha256: string): Promise<Buffer> {
    const place = places.get(sha256)
    if (!place) throw new Error(`There is no blob ${sha256}.`)
    const file = await open(join(dir, place.pack), "r")
    try {
      return await readAt(file, place.at, place.length)
    } finally {
      await file.close()
    }
  }

  return {
    has: (sha256) => places.has(sha256),
    read,
    add,
    async keepOnly(wanted) {
      const rowsOf = Map.groupBy(places, ([, { pack }]) => pack)
      const packs = (await readdir(dir).catch(() => [])).map((name) => {
        const rows = rowsOf.get(name) ?? []
        const kept = rows.filter(([sha256]) => wanted.has(sha256))
        return { name, rows, kept, bytes: sizeOf(rows), keptBytes: sizeOf(kept) }
      })
      const small = packs.filter(({ keptBytes }) => keptBytes < smallPack)
      const isThin = (pack: (typeof packs)[number]) =>
        pack.keptBytes * 2 < pack.bytes || (small.length > maxSmallPacks && small.includes(pack))
      let moved: Blob[] = []
      for (const { kept } of packs.filter(isThin)) {
        for (const [sha256] of kept) {
          // Damaged blobs are lost; restoring them reports an error.
          const bytes = await read(sha256).catch(() => undefined)
          if (bytes) moved.push({ sha256, bytes })
        }
        if (moved.reduce((sum, { bytes }) => sum + bytes.length, 0) < largestPack) continue
        await write(moved)
        moved = []
      }
      // New packs are written before old ones are removed: a crash leaves duplicates, but loses nothing.
      if (moved.length > 0) await write(moved)
      for (const pack of packs.filter((one) => one.kept.length === 0 || isThin(one))) {
        for (const [sha256] of pack.rows) if (places.get(sha256)?.pack === pack.name) places.delete(sha256)
        await rm(join(dir, pack.name), { force: true })
      }
    },
  }
}

function sizeOf(rows: readonly (readonly [string, Place])[]): number {
  return rows.reduce((sum, [, { length }]) => sum + length + rowBytes, 0)
}

/** The index of a pack; empty for an invalid or truncated file. */
async function readRows(dir: string, name: string): Promise<[string, Place][]> {
  const file = await open(join(dir, name), "r").catch(() => undefined)
  if (!file) return []
  try {
    const head = await readAt(file, 0, headBytes)
    if (!head.subarray(0, sign.length).equals(sign)) return []
    const count = head.readUInt32BE(sign.length)
    const { size } = await file.stat()
    if (headBytes + count * rowBytes > size) return []
    const rows = await readAt(file, headBytes, count * rowBytes)
    let at = headBytes + rows.length
    const places = Array.from({ length: count }, (_, i): [string, Place] => {
      const length = rows.readUInt32BE(i * rowBytes + 32)
      const place = { pack: name, at, length }
      at += length
      return [rows.toString("hex", i * rowBytes, i * rowBytes + 32), place]
    })
    return at === size ? places : []
  } catch {
    return []
  } finally {
    await file.close()
  }
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  if (bytesRead !== length) throw new Error("The pack ends too early.")
  return bytes
}
