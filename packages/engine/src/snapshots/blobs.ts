/** Blobs: what files held, each once, under the digest of its bytes. */
import { createHash, randomUUID } from "node:crypto"
import { constants, createReadStream } from "node:fs"
import { chmod, copyFile, mkdir, readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"

export type Blobs = {
  /** Takes a file in. @returns the sha256 of its bytes, hex */
  take(path: string): Promise<string>
  has(sha256: string): Promise<boolean>
  pathOf(sha256: string): string
  /** Removes all but these. */
  keepOnly(wanted: ReadonlySet<string>): Promise<void>
}

export async function openBlobs(dir: string): Promise<Blobs> {
  const drafts = join(dir, "drafts")
  // What a crash left half copied is nobody's.
  await rm(drafts, { recursive: true, force: true })
  await mkdir(drafts, { recursive: true, mode: 0o700 })
  const pathOf = (sha256: string) => join(dir, sha256.slice(0, 2), sha256)
  const has = async (sha256: string) =>
    await stat(pathOf(sha256)).then(
      () => true,
      () => false,
    )
  return {
    has,
    pathOf,
    async take(path) {
      // Copied first and read then: what is kept is what was counted, whoever writes the file meanwhile.
      const draft = join(drafts, randomUUID())
      try {
        await copyFile(path, draft, constants.COPYFILE_FICLONE)
        await chmod(draft, 0o600)
        const sha256 = await digest(draft)
        if (!(await has(sha256))) {
          await mkdir(join(dir, sha256.slice(0, 2)), { recursive: true })
          await rename(draft, pathOf(sha256))
        }
        return sha256
      } finally {
        await rm(draft, { force: true })
      }
    },
    async keepOnly(wanted) {
      const folders = (await readdir(dir)).filter((name) => name.length === 2)
      for (const folder of folders)
        for (const name of await readdir(join(dir, folder)))
          if (!wanted.has(name)) await rm(join(dir, folder, name), { force: true })
    },
  }
}

/** sha256 of a file, hex. */
export async function digest(path: string): Promise<string> {
  const hash = createHash("sha256")
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest("hex")
}
