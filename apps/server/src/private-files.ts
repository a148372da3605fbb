/** Keeps the data directory to its owner, whatever the umask: the database engine makes its files readable by all. */
import { type FSWatcher, watch } from "node:fs"
import { chmod, lstat, readdir } from "node:fs/promises"
import { join } from "node:path"

/** What Aura keeps in its data directory. Somebody may have named a folder that holds other things too. */
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
/** Folders of ours in which files appear without a mode of their own. */
const inner = ["db", join("db", "db"), join("db", "gate"), "audit", "checkpoints"]

/**
 * Takes the rights of others from what lies there now and from what appears later. The process's umask stays the person's,
 * for commands and files in workspaces are theirs.
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
      // It is not there, or no watches are left; what lies there now is seen to all the same.
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

/** Links are left alone: what they lead to is not ours to change. */
async function takeRights(path: string): Promise<void> {
  try {
    const stat = await lstat(path)
    if ((stat.isFile() || stat.isDirectory()) && stat.mode & 0o077) await chmod(path, stat.mode & 0o700)
  } catch {
    // It is gone again, as drafts and logs are, or belongs to somebody else.
  }
}
