/** Finds the process that holds a port, for the error message when it is taken. */
import { readdir, readFile, readlink } from "node:fs/promises"

/**
 * @returns "Another Aura", "node (process 4711)" or "another program"
 */
export async function findPortHolder(port: number): Promise<string> {
  const isAura = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(1000) })
    .then(async (response) => (await response.text()).includes('"status":"ok"'))
    .catch(() => false)
  const process = await findProcess(port).catch(() => undefined)
  if (isAura) return process ? `another Aura (${process})` : "another Aura"
  return process ?? "another program"
}

/** On Linux: finds the listening socket, then the process that has it open. */
async function findProcess(port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((file) => readFile(file, "utf8").catch(() => "")),
  )
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`
  const lines = tables
    .join("\n")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
  const listening = lines.find((fields) => fields[1]?.endsWith(wanted) && fields[3] === "0A")
  const inode = listening?.[9]
  if (!inode) return undefined
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const handles = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const links = await Promise.all(
      handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => "")),
    )
    if (links.includes(`socket:[${inode}]`))
      return `${(await readFile(`/proc/${pid}/comm`, "utf8")).trim()}, process ${pid}`
  }
  return undefined
}
