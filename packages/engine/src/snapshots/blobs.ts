/** Blobs: what files held, each once, under the digest of its bytes. */
import { createHash, randomUUID } from "node:crypto"
import { constants, createReadStream } from "node:fs"
import {
  chmod,
  copyFile,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises"
import { join } from "node:path"
import { AuraError } from "@aura/core"

export type Blobs = {
  /**
   * Takes a file of a folder in. @returns the sha256 of its bytes, hex
   * @throws AuraError `conflict` when it is no file there any more, such as a link that was put in its place
   */
  take(root: string, path: string): Promise<string>
  pathOf(sha256: string): string
  /** Removes all but these. */
  keepOnly(wanted: ReadonlySet<string>): Promise<void>
}

/** Read at once; larger ones are copied, where the file system can without copying a byte. */
const smallBytes = 1024 * 1024

export async function openBlobs(dir: string): Promise<Blobs> {
  const drafts = join(dir, "drafts")
  // What a crash left half copied is nobody's.
  await rm(drafts, { recursive: true, force: true })
  await mkdir(drafts, { recursive: true, mode: 0o700 })
  const pathOf = (sha256: string) => join(dir, sha256.slice(0, 2), sha256)
  // A power cut may have left one short: then it is taken in anew.
  const has = async (sha256: string, bytes: number) =>
    await stat(pathOf(sha256)).then(
      (found) => found.size === bytes,
      () => false,
    )
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

  // Copied first and read then: what is kept is what was counted, whoever writes the file meanwhile.
  async function takeLarge(place: string): Promise<string> {
    const draft = join(drafts, randomUUID())
    try {
      await copyFile(place, draft, constants.COPYFILE_FICLONE)
      await chmod(draft, 0o600)
      const sha256 = await digest(draft)
      if (!(await has(sha256, (await stat(draft)).size))) await keep(draft, sha256)
      return sha256
    } finally {
      await rm(draft, { force: true })
    }
  }

  return {
    pathOf,
    take: async (root, path) =>
      await hold(root, path, async (file, place, bytes) =>
        bytes <= smallBytes ? await takeSmall(await file.readFile()) : await takeLarge(place),
      ),
    async keepOnly(wanted) {
      const folders = (await readdir(dir)).filter((name) => name.length === 2)
      for (const folder of folders)
        for (const name of await readdir(join(dir, folder)))
          if (!wanted.has(name)) await rm(join(dir, folder, name), { force: true })
    },
  }
}

/** Holds a file open once it is certain that no link led to it. @param use is given a path that leads to it alone */
async function hold<T>(
  root: string,
  path: string,
  use: (file: FileHandle, place: string, bytes: number) => Promise<T>,
): Promise<T> {
  const place = join(await realpath(root), path)
  const changed = new AuraError("conflict", `${path} changed while the folder was kept.`)
  // Not waiting: a pipe put in the file's place would never open.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const file = await open(place, flags).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ELOOP" ? changed : cause
  })
  try {
    const found = await file.stat()
    if (!found.isFile()) throw changed
    const held = process.platform === "linux" ? `/proc/self/fd/${file.fd}` : undefined
    if (held !== undefined && (await readlink(held)) !== place) throw changed
    return await use(file, held ?? place, found.size)
  } finally {
    await file.close()
  }
}

/** sha256 of a file, hex. */
export async function digest(path: string): Promise<string> {
  const hash = createHash("sha256")
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest("hex")
}
