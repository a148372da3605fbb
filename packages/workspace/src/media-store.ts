/** Pictures and PDFs that models were shown, each once, under the digest of its bytes: a session that goes on shows them again. */
import { createHash, randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { KeptMedia, MediaType } from "@aura/core"

export type MediaStore = {
  keep(bytes: Uint8Array, mediaType: MediaType): Promise<KeptMedia>
  /** In base64; undefined where it is not kept, or not any more. */
  read(name: string): string | undefined
}

const keptMs = 60 * 24 * 60 * 60 * 1000

/** @param dir made when the first is kept; what is old in it is removed now */
export async function openMediaStore(dir: string, now: () => number): Promise<MediaStore> {
  const names = await readdir(dir).catch(() => [])
  for (const path of names.map((name) => join(dir, name))) {
    const found = await stat(path).catch(() => undefined)
    if (found && now() - found.mtimeMs > keptMs) await rm(path, { force: true })
  }
  return {
    async keep(bytes, mediaType) {
      const name = createHash("sha256").update(bytes).digest("hex")
      // Renaming a new draft over one that is there makes it young again.
      await mkdir(dir, { recursive: true, mode: 0o700 })
      const draft = join(dir, `${randomUUID()}.draft`)
      await writeFile(draft, bytes, { mode: 0o600 })
      await rename(draft, join(dir, name))
      return { name, mediaType, bytes: bytes.byteLength }
    },
    // At once: the conversation is built without waiting, and a picture is small.
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
