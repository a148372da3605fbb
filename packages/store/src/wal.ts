/** Group commit: makes written batches durable, one sync of the log for all who wait. */
import { type FileHandle, open, readdir } from "node:fs/promises"
import { join } from "node:path"
import { isMissing, syncFolder } from "./folder.ts"

type LogFile = { path: string; number: number }
export type Wal = { sync(): Promise<void>; close(): Promise<void> }

/**
 * Makes `run` shareable: each call resolves after a run that *began* after the call.
 * Calls that come while one is under way share the next one.
 */
export function shareRuns(run: () => Promise<void>): () => Promise<void> {
  let running = false
  let next: PromiseWithResolvers<void> | undefined

  async function work(): Promise<void> {
    running = true
    while (next) {
      const { resolve, reject } = next
      next = undefined
      await run().then(resolve, reject)
    }
    running = false
  }

  return () => {
    next ??= Promise.withResolvers()
    const { promise } = next
    if (!running) void work()
    return promise
  }
}

/**
 * The engine writes its log without syncing it and changes to a new file when its memory is full. A batch may
 * lie in any file from the one last synced to the current one, so all of those are synced, and the folder
 * too when a file is new: otherwise a power cut could take the file's name.
 */
export function createWal(folder: string, currentFile: () => Promise<LogFile>): Wal {
  let known: { number: number; file: FileHandle } | undefined

  const sync = shareRuns(async () => {
    const [current] = await Promise.all([currentFile(), known?.file.datasync()])
    if (current.number === known?.number) return
    for (const { path, number } of await listLogs(folder)) {
      if (number > (known?.number ?? 0) && number < current.number) await syncFile(path)
    }
    const file = await open(join(folder, current.path), "r+")
    await file.datasync()
    await syncFolder(folder)
    await known?.file.close()
    known = { number: current.number, file }
  })

  return {
    sync,
    async close() {
      await known?.file.close()
      known = undefined
    },
  }
}

export async function listLogs(folder: string): Promise<{ path: string; number: number }[]> {
  const names = await readdir(folder)
  return names
    .filter((name) => /^\d+\.log$/.test(name))
    .map((name) => ({ path: join(folder, name), number: Number.parseInt(name, 10) }))
    .sort((a, b) => a.number - b.number)
}

/** A log that is gone was turned into a table file, which the engine syncs itself. */
async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+").catch((error) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (!file) return
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}
