/** The engine never returns from opening a manifest whose record types are damaged, so they are checked before. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { readIfThere } from "./folder.ts"

const blockBytes = 32 * 1024
const headerBytes = 7
/** Padding, and whole, first, middle and last parts of a record. */
const lastType = 4

/** @throws when the manifest of the database in `path` is damaged; a missing one is left to the engine. */
export async function checkManifest(path: string): Promise<void> {
  const name = (await readIfThere(join(path, "CURRENT")))?.trim()
  if (!name || !/^MANIFEST-\d+$/.test(name)) return
  const bytes = await readFile(join(path, name)).catch(() => undefined)
  let at = 0
  while (bytes && at + headerBytes <= bytes.length) {
    const left = blockBytes - (at % blockBytes)
    if (left >= headerBytes) {
      const type = bytes.readUInt8(at + 6)
      if (type > lastType) throw new Error(`${name} is damaged: it has a record of the type ${type}`)
      at += headerBytes + bytes.readUInt16LE(at + 4)
    } else at += left
  }
}
