/** A manifest: what one snapshot holds, and what is known of each file so that it need not be read again. */
import { readFile, rename, writeFile } from "node:fs/promises"
import { promisify } from "node:util"
import { gunzip, gzip } from "node:zlib"
import { z } from "zod"

const File = z.object({
  path: z.string(),
  mode: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  /** Modified, changed and inode, as one word: the same word, the same content. */
  stamp: z.string(),
})
export type File = z.infer<typeof File>

const Manifest = z.object({
  /** Milliseconds; files changed shortly before are read again the next time. */
  begunAt: z.number(),
  files: z.array(File),
  links: z.array(z.object({ path: z.string(), target: z.string() })),
  folders: z.array(z.object({ path: z.string(), mode: z.int() })),
  leftOut: z.array(z.object({ path: z.string(), why: z.string() })),
})
export type Manifest = z.infer<typeof Manifest>

/** Whole or not at all. */
export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  const draft = `${path}.draft`
  await writeFile(draft, await promisify(gzip)(JSON.stringify(manifest)), { mode: 0o600, flush: true })
  await rename(draft, path)
}

export async function readManifest(path: string): Promise<Manifest> {
  return Manifest.parse(JSON.parse((await promisify(gunzip)(await readFile(path))).toString("utf8")))
}
