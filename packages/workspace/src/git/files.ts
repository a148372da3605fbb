/** Rejects links and pipes in a git directory: git would follow the links anywhere and block on the pipes forever. */
import type { Dirent } from "node:fs"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { AuraError } from "@aura/core"

/** The files of a git directory that git reads and writes; others belong to other programs. */
const used =
  /^([A-Z_]*HEAD|config(\.worktree)?|packed-refs|(shared)?index(\..*)?|shallow|commondir|refs|objects|logs|info|reftable|worktrees)$/
/** Checked recursively; they contain few files. */
const deep = new Set(["refs", "logs", "info", "reftable"])

/** @throws AuraError `conflict` for an entry that is neither a plain file nor a folder */
export async function refuseOddFiles(gitDir: string): Promise<void> {
  for (const entry of await read(gitDir)) {
    if (!used.test(entry.name)) continue
    const path = join(gitDir, entry.name)
    refuseOdd(path, entry)
    if (deep.has(entry.name)) await refuseBelow(path)
    if (entry.name !== "objects") continue
    for (const folder of await read(path)) {
      refuseOdd(join(path, folder.name), folder)
      if (folder.name === "info" || folder.name === "pack") await refuseBelow(join(path, folder.name))
    }
  }
}

async function refuseBelow(folder: string): Promise<void> {
  for (const entry of await read(folder)) {
    const path = join(folder, entry.name)
    refuseOdd(path, entry)
    if (entry.isDirectory()) await refuseBelow(path)
  }
}

function refuseOdd(path: string, entry: Dirent): void {
  if (entry.isFile() || entry.isDirectory()) return
  throw new AuraError(
    "conflict",
    `${path} is ${entry.isSymbolicLink() ? "a link" : "neither a file nor a folder"}. Aura works only with a repository whose own files are plain files and folders.`,
  )
}

/** Empty for what is not a folder or no longer exists; git reports what is wrong with it. */
async function read(folder: string): Promise<Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch(() => [])
}
