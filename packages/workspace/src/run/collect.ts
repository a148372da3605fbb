/** Files that a command leaves in its temporary folder, to be given back; it may have put anything there. */
import { constants } from "node:fs"
import { open, rm } from "node:fs/promises"
import { join } from "node:path"

const maxBytes = 8 * 1024 * 1024

/**
 * Takes them away; what is no plain file, or too large, is not given back.
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
  // Neither follows a link nor waits for a pipe.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const found = await file.stat()
    // One with another name may be a file that this command cannot read, and Aura can.
    const isPlain = found.isFile() && found.nlink === 1
    return isPlain && found.size <= maxBytes ? await file.readFile() : undefined
  } finally {
    await file.close()
  }
}
