/** One Aura per folder: a lock that the system gives back when its process dies. */
import { mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { AuraError, toMessage } from "@aura/core"
import RocksDB from "rocksdb-native"
import { z } from "zod"
import { dropOldLogs, readIfThere, replaceFile } from "./folder.ts"

const Holder = z.object({ pid: z.number() })

/**
 * The lock is RocksDB's own, on an empty database kept for it. The lock of the real one would not do: it is
 * taken only by an open that already repairs and deletes files, and given up while a checkpoint is made.
 * @throws AuraError `conflict` when another process holds the folder; nothing was touched then.
 */
export async function takeGate(dir: string): Promise<() => Promise<void>> {
  const path = join(dir, "gate")
  const holder = join(dir, "holder.json")
  await mkdir(path, { recursive: true, mode: 0o700 })
  await dropOldLogs(path)
  const lock = new RocksDB(path, { createIfMissing: true })
  await lock.ready().catch(async (error) => {
    throw /lock/i.test(toMessage(error)) ? toConflict(dir, await readHolder(holder)) : error
  })
  await replaceFile(holder, JSON.stringify({ pid: process.pid })).catch(async (error) => {
    await lock.close()
    throw error
  })
  return async () => {
    await rm(holder, { force: true })
    await lock.close()
  }
}

/** The process number is a hint for people; only the lock decides. */
async function readHolder(path: string): Promise<number | undefined> {
  const holder = Holder.safeParse(parseJson(await readIfThere(path)))
  return holder.data?.pid
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null")
  } catch {
    return undefined
  }
}

function toConflict(dir: string, pid: number | undefined): AuraError {
  const who = pid === undefined ? "another Aura" : `another Aura (process ${pid})`
  return new AuraError(
    "conflict",
    `The memory in ${dir} is in use by ${who}. Stop that one first, or choose another data folder.`,
    { reason: "in_use", ...(pid === undefined ? {} : { pid }) },
  )
}
