/** Folders of this machine, for choosing one to work in. Only their names are told. */
import { readdir, stat } from "node:fs/promises"
import { homedir } from "node:os"
import { dirname, isAbsolute, join } from "node:path"
import { AuraError, type FolderView } from "@aura/core"

const most = 500

/**
 * @param path absolute; without one, the home folder
 * @throws AuraError `bad_request` when it is no folder that can be read
 */
export async function view(path: string | undefined): Promise<FolderView> {
  const at = path || homedir()
  if (!isAbsolute(at)) throw new AuraError("bad_request", "Give an absolute path.")
  const found = await readdir(at, { withFileTypes: true }).catch(() => {
    throw new AuraError("bad_request", `${at} is no folder Aura can read.`)
  })
  const names = found.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
  const parent = dirname(at)
  return {
    path: at,
    parent: parent === at ? null : parent,
    isRepository: await exists(join(at, ".git")),
    isEmpty: found.length === 0,
    items: names
      .map((entry) => ({ name: entry.name, path: join(at, entry.name) }))
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .slice(0, most),
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
