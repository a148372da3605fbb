/** Folders and small files that must survive a power cut. */
import { open, readdir, readFile, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"

export function isMissing(error: unknown): boolean {
  return codeOf(error) === "ENOENT"
}

/** The system's code of an error, or of the error that caused it. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ("code" in error && typeof error.code === "string") return error.code
  return codeOf(error.cause)
}

/** Makes the names in a folder durable. Windows does that by itself and cannot open folders. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return
  await syncPath(path, "r")
}

export async function syncPath(path: string, flags: "r" | "r+"): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Replaces a file in one step: readers see the old text or the new one, also after a power cut. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, "w", 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  await syncFolder(dirname(path))
}

/** The text of a file, or `undefined` where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error) => {
    if (isMissing(error)) return undefined
    throw error
  })
}

/** The names in a folder; none where there is no folder. */
export async function listNames(path: string): Promise<string[]> {
  return readdir(path).catch((error) => {
    if (isMissing(error)) return []
    throw error
  })
}

/** The engine keeps a log of its own doings for every start, for ever; the last few are enough. */
export async function dropOldLogs(path: string): Promise<void> {
  const old = (await listNames(path)).filter((name) => name.startsWith("LOG.old.")).sort()
  for (const name of old.slice(0, -3)) await rm(join(path, name), { force: true })
}
