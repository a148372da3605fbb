/** Where Aura runs as root, files that it makes in a person's folder belong to that person. */
import { lchown, lstat, readdir, stat } from "node:fs/promises"
import { join } from "node:path"

const isRoot = () => process.getuid?.() === 0

/**
 * One new file or folder; of a link, the link itself.
 * @param path of a place whose folder is held, so that nothing outside can be reached by a swapped link
 * @param folder whose owner it gets
 */
export async function giveOneToOwner(path: string, folder: string): Promise<void> {
  if (!isRoot()) return
  const { uid, gid } = await stat(folder)
  if (uid !== 0) await lchown(path, uid, gid)
}

/**
 * What root owns in a folder and below.
 * @param path of a folder that no command can write to, such as `.git`
 * @param folder whose owner it gets
 */
export async function giveToOwner(path: string, folder: string): Promise<void> {
  if (!isRoot()) return
  const { uid, gid } = await stat(folder)
  if (uid !== 0) await giveAll(path, uid, gid)
}

async function giveAll(path: string, uid: number, gid: number): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (!found) return
  if (found.uid === 0) await lchown(path, uid, gid)
  if (!found.isDirectory()) return
  for (const name of await readdir(path)) await giveAll(join(path, name), uid, gid)
}
