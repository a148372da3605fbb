/** Processes with a terminal's mark in their environment, even if they left its session. Linux only. */
import { readdirSync, readFileSync } from "node:fs"

export const markName = "AURA_TERMINAL"

/**
 * Ends all processes that a terminal started, including those started meanwhile.
 * @param mark the mark, or its prefix
 */
export function endMarked(mark: string): void {
  for (let round = 0; round < 10; round++) {
    const pids = findMarked(mark)
    if (pids.length === 0) return
    for (const pid of pids) end(pid)
  }
}

function findMarked(mark: string): number[] {
  const text = `\0${markName}=${mark}`
  return list("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(text))
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // The process has ended meanwhile.
  }
}

// The process may have ended, or belong to another user.
function environmentOf(pid: number): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`
  } catch {
    return ""
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
