/** Blobs: the contents of files, each stored once by its digest. */
import { createHash, randomUUID } from "node:crypto"
import { constants, createReadStream } from "node:fs"
import {
  chmod,
  copyFile,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises"
import { join } from "node:path"
import { AuraError, isDiskFull } from "@aura/core"
import { showBytes, toPath, toText } from "../byte-path.ts"
import { readFiles } from "./folder-thread.ts"
import { type Blob, openPacks } from "./packs.ts"

/** Stored, or why not; "gone" when the file no longer exists. */
export type Taken = { sha256: string } | { why: string }

export type Blobs = {
  /**
   * Stores a file of a folder. @returns the sha256 of its bytes, hex
   * @throws AuraError `conflict` when it is no longer a file, such as when a link replaced it
   */
  take(root: string, path: string): Promise<string>
  /** The same for many files, the small ones in packs. Results are in the order of the files. */
  takeAll(root: string, files: readonly { path: string; bytes: number }[]): Promise<Taken[]>
  /** The path of a blob that has its own file. */
  pathOf(sha256: string): string
  /** The digest of the stored bytes, which differs only if they are damaged. @throws when it is not there */
  digest(sha256: string): Promise<string>
  /** @throws when it is not there */
  read(sha256: string): Promise<Buffer>
  /** Writes it to a new file. @throws when the blob is missing, or the path exists */
  copyTo(sha256: string, place: string): Promise<void>
  /** Removes all others. */
  keepOnly(wanted: ReadonlySet<string>): Promise<void>
}

/** Read into memory; larger files are copied, by reference if the file system supports it. */
const smallBytes = 1024 * 1024
/** More small files than this are stored in packs. */
const packedBytes = 64 * 1024
const fewFiles = 8
/** Read in one go. */
const batch = { files: 2000, bytes: 8 * 1024 * 1024 }
/** The number of small blobs with their own file before they are packed. */
const maxLoose = 256

export async function openBlobs(dir: string): Promise<Blobs> {
  const drafts = join(dir, "drafts")
  // Removes partial copies left by a crash.
  await rm(drafts, { recursive: true, force: true })
  await mkdir(drafts, { recursive: true, mode: 0o700 })
  const packs = await openPacks(join(dir, "packs"), drafts)
  const pathOf = (sha256: string) => join(dir, sha256.slice(0, 2), sha256)
  // A power failure may have truncated it: then it is stored again.
  const has = async (sha256: string, bytes: number) =>
    packs.has(sha256) ||
    (await stat(pathOf(sha256)).then(
      (found) => found.size === bytes,
      () => false,
    ))
  const made = new Set<string>()
  async function keep(draft: string, sha256: string): Promise<void> {
    const folder = join(dir, sha256.slice(0, 2))
    if (!made.has(folder)) await mkdir(folder, { recursive: true })
    made.add(folder)
    await rename(draft, pathOf(sha256))
  }

  async function takeSmall(bytes: Buffer): Promise<string> {
    const sha256 = createHash("sha256").update(bytes).digest("hex")
    if (await has(sha256, bytes.length)) return sha256
    const draft = join(drafts, randomUUID())
    await writeFile(draft, bytes, { mode: 0o600 })
    await keep(draft, sha256)
    return sha256
  }

  // Copied first, then hashed, so that the digest matches the copy even if the file is written meanwhile.
  async function takeLarge(place: string): Promise<string> {
    const draft = join(drafts, randomUUID())
    try {
      await copyFile(toPath(place), draft, constants.COPYFILE_FICLONE)
      await chmod(draft, 0o600)
      const sha256 = await digest(draft)
      if (!(await has(sha256, (await stat(draft)).size))) await keep(draft, sha256)
      return sha256
    } finally {
      await rm(draft, { force: true })
    }
  }

  const take = async (root: string, path: string) =>
    await hold(root, path, async (file, place, bytes) =>
      bytes <= smallBytes ? await takeSmall(await file.readFile()) : await takeLarge(place),
    )

  async function takeOne(root: string, path: string): Promise<Taken> {
    try {
      return { sha256: await take(root, path) }
    } catch (cause) {
      if (isDiskFull(cause)) throw cause
      if (cause instanceof AuraError) return { why: "it changed meanwhile" }
      return { why: codeOf(cause) === "ENOENT" ? "gone" : "it cannot be read" }
    }
  }

  async function takePacked(root: string, paths: readonly string[]): Promise<Taken[]> {
    const { files, bytes } = await readFiles(root, paths, packedBytes * 2)
    const fresh: Blob[] = []
    let at = 0
    for (const file of files) {
      if (!("sha256" in file)) continue
      if (!packs.has(file.sha256))
        fresh.push({ sha256: file.sha256, bytes: bytes.subarray(at, at + file.length) })
      at += file.length
    }
    await packs.add(fresh)
    return files
  }

  async function takeAll(root: string, files: readonly { path: string; bytes: number }[]): Promise<Taken[]> {
    const taken = new Map<string, Taken>()
    const small = files.filter((file) => file.bytes <= packedBytes)
    const isPacked = small.length > fewFiles
    for (const { path, bytes } of files)
      if (!isPacked || bytes > packedBytes) taken.set(path, await takeOne(root, path))
    for (const some of isPacked ? toBatches(small) : []) {
      const results = await takePacked(root, some)
      for (const [i, path] of some.entries()) taken.set(path, results[i] ?? { why: "it cannot be read" })
    }
    return files.map(({ path }) => taken.get(path) ?? { why: "it cannot be read" })
  }

  /** Moves small blobs with their own file into packs once there are many. */
  async function packLoose(): Promise<void> {
    const loose: { sha256: string; place: string }[] = []
    for (const folder of (await readdir(dir)).filter((name) => name.length === 2))
      for (const name of await readdir(join(dir, folder))) {
        const place = join(dir, folder, name)
        if ((await stat(place)).size <= packedBytes) loose.push({ sha256: name, place })
      }
    if (loose.length <= maxLoose) return
    const blobs: Blob[] = []
    for (const { sha256, place } of loose) {
      const bytes = await readFile(place)
      const isWhole = createHash("sha256").update(bytes).digest("hex") === sha256
      if (isWhole && !packs.has(sha256)) blobs.push({ sha256, bytes })
    }
    await packs.add(blobs)
    for (const { sha256, place } of loose) if (packs.has(sha256)) await rm(place, { force: true })
  }

  return {
    pathOf,
    take,
    takeAll,
    digest: async (sha256) =>
      packs.has(sha256)
        ? createHash("sha256")
            .update(await packs.read(sha256))
            .digest("hex")
        : await digest(pathOf(sha256)),
    read: async (sha256) => (packs.has(sha256) ? await packs.read(sha256) : await readFile(pathOf(sha256))),
    copyTo: async (sha256, place) =>
      packs.has(sha256)
        ? await writeFile(toPath(place), await packs.read(sha256), { flag: "wx", mode: 0o600 })
        : await copyFile(pathOf(sha256), toPath(place), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE),
    async keepOnly(wanted) {
      await packs.keepOnly(wanted)
      const folders = (await readdir(dir)).filter((name) => name.length === 2)
      for (const folder of folders)
        for (const name of await readdir(join(dir, folder)))
          if (!wanted.has(name)) await rm(join(dir, folder, name), { force: true })
      await packLoose()
    },
  }
}

function toBatches(files: readonly { path: string; bytes: number }[]): string[][] {
  const batches: string[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const file of files) {
    if (bytes + file.bytes > batch.bytes || (batches.at(-1)?.length ?? 0) >= batch.files) {
      batches.push([])
      bytes = 0
    }
    batches.at(-1)?.push(file.path)
    bytes += file.bytes
  }
  return batches
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : ""
}

/** Holds a file open after checking that no link led to it. @param use is given a path that leads to it alone */
async function hold<T>(
  root: string,
  path: string,
  use: (file: FileHandle, place: string, bytes: number) => Promise<T>,
): Promise<T> {
  const place = join(await realpath(root), path)
  const changed = new AuraError("conflict", `${showBytes(path)} changed while the folder was kept.`)
  // Non-blocking: opening a pipe that replaced the file would block.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const file = await open(toPath(place), flags).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ELOOP" ? changed : cause
  })
  try {
    const found = await file.stat()
    if (!found.isFile()) throw changed
    const held = process.platform === "linux" ? `/proc/self/fd/${file.fd}` : undefined
    if (held !== undefined && toText(await readlink(held, "buffer")) !== place) throw changed
    return await use(file, held ?? place, found.size)
  } finally {
    await file.close()
  }
}

/** sha256 of a file, hex. */
async function digest(path: string): Promise<string> {
  const hash = createHash("sha256")
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest("hex")
}
