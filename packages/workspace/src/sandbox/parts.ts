/** What Aura makes for its sandboxes, once for each start: their /etc, what covers other things, the system-call filter. */
import { chmod, mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { SandboxParts } from "./box.ts"
import { type Account, makeEtc } from "./etc.ts"
import { toSeccomp } from "./seccomp.ts"

/** @param dir is made anew */
export async function makeParts(dir: string, account: Account): Promise<SandboxParts> {
  const parts = {
    etc: join(dir, "etc"),
    emptyFile: join(dir, "empty-file"),
    emptyFolder: join(dir, "empty-folder"),
    filter: join(dir, "seccomp.bpf"),
  }
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await mkdir(parts.emptyFolder, { mode: 0o555 })
  await writeFile(parts.emptyFile, "")
  await chmod(parts.emptyFile, 0o444)
  const etcFolders = process.platform === "linux" ? await makeEtc(parts.etc, account) : []
  const filter = process.platform === "linux" ? toSeccomp(process.arch) : undefined
  if (!filter) return { ...parts, etcFolders, filter: null }
  await writeFile(parts.filter, filter)
  return { ...parts, etcFolders }
}
