/** Pictures and PDFs that models were shown, stored once by digest, so that a continued session can show them again. */
import { createHash, randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { KeptMedia, MediaType } from "@aura/core"

export type MediaStore = {
  keep(bytes: Uint8Array, mediaType: MediaType): Promise<KeptMedia>
  /** In base64; undefined if it is not stored. */
  read(name: string): string | undefined
}

const keptMs = 60 * 24 * 60 * 60 * 1000

/** @param dir created with the first file; old files in it are removed now */
export async function openMediaStore(dir: string, now: () => number): Promise<MediaStore> {
  const names = await readdir(dir).catch(() => [])
  for (const path of names.map((name) => join(dir, name))) {
    const found = await stat(path).catch(() => undefined)
    if (found && now() - found.mtimeMs > keptMs) await rm(path, { force: true })
  }
  return {
    async keep(bytes, mediaType) {
      const name = createHash("sha256").update(bytes).digest("hex")
      // Replacing an existing file renews its age.
      await mkdir(dir, { recursive: true, mode: 0o700 })
      const draft = join(dir, `${randomUUID()}.draft`)
      await writeFile(draft, bytes, { mode: 0o600 })
      await rename(draft, join(dir, name))
      return { name, mediaType, bytes: bytes.byteLength }
    },
    // Synchronous: the conversation is built without waiting, and pictures are small.
    read(name) {
      if (!/^[0-9a-f]{64}$/.test(name)) return undefined
      try {
        return readFileSync(join(dir, name)).toString("base64")
      } catch {
        return undefined
      }
    },
  }
}
