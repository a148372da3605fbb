/** Restricts the data directory to its owner, whatever the umask: the database engine creates files readable by all. */
import { type FSWatcher, watch } from "node:fs"
import { chmod, lstat, readdir } from "node:fs/promises"
import { join } from "node:path"

/** Aura's entries in the data directory, which may contain other files too. */
const ours = new Set([
  "attached.json",
  "attached.json.draft",
  "audit",
  "checkpoints",
  "db",
  "git",
  "keys.json",
  "outputs",
  "scratch",
  "server.json",
  "snapshots",
  "updates",
  "window",
  "window.json",
  "worktrees",
])
/** Folders in which files are created with the default mode. */
const inner = ["db", join("db", "db"), join("db", "gate"), "audit", "checkpoints"]

/**
 * Removes the permissions of others from existing and from new files. The umask of the process is not changed,
 * because it also applies to commands and files in workspaces.
 * @returns ends it
 */
export async function keepPrivate(dataDir: string): Promise<() => void> {
  if (process.platform === "win32") return () => undefined
  const watchers: FSWatcher[] = []
  const keep = async (folder: string, isOurs: (name: string) => boolean) => {
    const take = async (name: string) => {
      if (isOurs(name)) await takeRights(join(folder, name))
    }
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => name !== null && void take(name))
      watchers.push(watcher.on("error", () => undefined))
    } catch {
      // The folder is missing or no watches are left; existing files are handled anyway.
    }
    await Promise.all((await readdir(folder).catch(() => [])).map(take))
  }
  const names = await readdir(dataDir)
  if (names.every((name) => ours.has(name))) await takeRights(dataDir)
  await keep(dataDir, (name) => ours.has(name))
  for (const folder of inner) await keep(join(dataDir, folder), () => true)
  return () => {
    for (const watcher of watchers) watcher.close()
  }
}

/** Skips links, because their targets may not belong to Aura. */
async function takeRights(path: string): Promise<void> {
  try {
    const stat = await lstat(path)
    if ((stat.isFile() || stat.isDirectory()) && stat.mode & 0o077) await chmod(path, stat.mode & 0o700)
  } catch {
    // Removed again, like drafts and logs, or owned by another user.
  }
}
