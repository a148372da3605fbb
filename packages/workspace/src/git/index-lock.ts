/** The lock on git's index: waits while a process holds it, and removes it if a crash or power failure left it. */
import { readdir, readlink, rm, stat } from "node:fs/promises"
import { AuraError } from "@aura/core"

const patienceMs = 30_000
const stepMs = 250
/** A younger lock may belong to a git on another machine that shares the folder. */
const staleMs = 60_000

/**
 * @param path of `index.lock`
 * @returns a note for the person, when a lock was removed
 * @throws AuraError `conflict` when it is held for too long
 */
export async function clearLock(
  path: string,
  { now = Date.now, wait = sleep }: { now?: () => number; wait?: (ms: number) => Promise<void> } = {},
): Promise<string | undefined> {
  for (let waited = 0; ; waited += stepMs) {
    const found = await stat(path).catch(() => undefined)
    if (!found) return undefined
    if (now() - found.mtimeMs > staleMs && !(await isGitRunning())) {
      await rm(path, { force: true })
      return "A lock that a git which was cut off had left on the index was taken away."
    }
    if (waited >= patienceMs)
      throw new AuraError(
        "conflict",
        `Another git holds the index of the folder (${path}). Wait for it to end; if none is running, remove that file.`,
      )
    await wait(stepMs)
  }
}

/** Any git process of this machine counts, since its folder is not always visible. Where processes are hidden, assume one. */
async function isGitRunning(): Promise<boolean> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name))
  if (pids.length === 0) return true
  const programs = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/exe`).catch(() => "")))
  return programs.some((program) => program.endsWith("/git"))
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
