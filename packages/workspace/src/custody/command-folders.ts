/** The folders in Aura's data directory for a workspace: scratch folders and long outputs of its commands. */
import { createHash } from "node:crypto"
import { mkdir, readdir, rm, stat } from "node:fs/promises"
import { join } from "node:path"

const keptMs = 14 * 24 * 60 * 60 * 1000

export type CommandFolders = { scratch: { tmp: string; home: string }; outputs: string }

export async function openFolders(dataDir: string, root: string): Promise<CommandFolders> {
  const name = workspaceKey(root)
  const scratch = { tmp: join(dataDir, "scratch", name, "tmp"), home: join(dataDir, "scratch", name, "home") }
  const outputs = join(dataDir, "outputs", name)
  for (const path of [scratch.tmp, scratch.home, outputs]) await mkdir(path, { recursive: true, mode: 0o700 })
  return { scratch, outputs }
}

/** Scratch folders are emptied when Aura ends; long outputs are removed when they are old. */
export async function tidy(dataDir: string): Promise<void> {
  await rm(join(dataDir, "scratch"), { recursive: true, force: true })
  const outputs = join(dataDir, "outputs")
  const names = await readdir(outputs, { recursive: true }).catch(() => [])
  for (const path of names.filter((name) => name.endsWith(".log")).map((name) => join(outputs, name))) {
    const found = await stat(path).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > keptMs) await rm(path, { force: true })
  }
}

/** The name of the folders that belong to a workspace. */
export function workspaceKey(root: string): string {
  return createHash("sha256").update(root).digest("hex").slice(0, 16)
}
