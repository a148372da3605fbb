/** Collects the files that a command left in its temporary folder, which may contain anything. */
import { constants } from "node:fs"
import { open, rm } from "node:fs/promises"
import { join } from "node:path"

const maxBytes = 8 * 1024 * 1024

/**
 * Removes them; ignores those that are too large or not plain files.
 * @param folder as it lies on the machine
 */
export async function collect(
  folder: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  for (const name of names.filter((one) => /^[\w.-]+$/.test(one))) {
    const path = join(folder, name)
    const bytes = await read(path).catch(() => undefined)
    if (bytes) found.set(name, bytes)
    await rm(path, { force: true, recursive: true })
  }
  return found
}

async function read(path: string): Promise<Buffer | undefined> {
  // Does not follow links or block on pipes.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const found = await file.stat()
    // With another hard link it may be a file that Aura can read and the command cannot.
    const isPlain = found.isFile() && found.nlink === 1
    return isPlain && found.size <= maxBytes ? await file.readFile() : undefined
  } finally {
    await file.close()
  }
}
