/** Pages in RocksDB: the only module that talks to the binding. */
import { stat, statfs } from "node:fs/promises"
import { AuraError, isDiskFull as isFullByCode, toMessage } from "@aura/core"
import RocksDB from "rocksdb-native"
import { headKey } from "./keys.ts"
import { checkManifest } from "./manifest.ts"
import { type Page, type Pages, type Range, toClosed, Unreadable, type Value, type Write } from "./pages.ts"
import { createWal, listLogs, type Wal } from "./wal.ts"

export type RocksPages = Omit<Pages, "sync"> & {
  sync(): Promise<void>
  /** Runs `copy` while no file of the folder changes. */
  holdStill<T>(copy: () => Promise<T>): Promise<T>
}

type Mode = { readOnly: boolean; create?: boolean }

/** Small enough that a crash leaves little to replay: each start reads the log twice (see `openStore`). */
const writeBufferSize = 16 * 1024 * 1024
const chunk = 1000
/** Room the engine needs besides the log itself to start again on a disk that was full. */
const spareBytes = 2 * 1024 * 1024

/** @throws the engine's own error when the folder is locked, missing or damaged. */
export async function openRocksPages(path: string, mode: Mode): Promise<RocksPages> {
  let db = await openEngine(path, mode)
  let wal = walOf(path, db)
  let [headText] = await readKeys(db, [headKey])
  let failed = false
  let closed = false
  let turn: Promise<void> = Promise.resolve()
  const uses = new Set<Promise<unknown>>()

  /** Runs `work` on the open engine; the engine is not exchanged before it has ended. */
  async function use<T>(work: (db: RocksDB) => Promise<T>): Promise<T> {
    await turn
    if (closed) throw toClosed()
    const running = work(db)
    uses.add(running)
    return running.finally(() => uses.delete(running))
  }

  /** After a failed write the engine refuses all others, even when there is room again, until it is reopened. */
  async function revive(): Promise<void> {
    await requireRoom(path)
    const { promise, resolve } = Promise.withResolvers<void>()
    turn = promise
    try {
      await Promise.allSettled(uses)
      await wal.close()
      await db.close()
      db = await openEngine(path, { readOnly: mode.readOnly }).catch(async (error) => {
        db = await openEngine(path, { readOnly: true })
        throw error
      })
      const [found] = await readKeys(db, [headKey])
      if (found !== headText) throw new Error("the head moved while the database was reopened")
      failed = false
    } finally {
      wal = walOf(path, db)
      resolve()
    }
  }

  return {
    read: (keys) => use((engine) => readKeys(engine, keys)),
    scan: (range) => use((engine) => scanRange(engine, range)),
    follow: (range, target) =>
      use(async (engine) => {
        const moment = engine.snapshot()
        try {
          const keys = (await scanRange(moment, range)).map((page) => target(page.key))
          const values = await readKeys(moment, keys)
          return keys.map((key, i) => ({ key, value: values[i] }))
        } finally {
          await moment.close()
        }
      }),
    async write(batch) {
      try {
        if (failed) await revive()
        await use((engine) => writeBatch(engine, batch))
        headText = batch.find(({ key }) => key === headKey)?.value ?? headText
      } catch (error) {
        failed = true
        throw toRefusal(error)
      }
    },
    async sync() {
      await use(() => wal.sync())
    },
    holdStill: (copy) =>
      use(async (engine) => {
        await engine.suspend()
        try {
          return await copy()
        } finally {
          await engine.resume()
        }
      }),
    async close() {
      closed = true
      await Promise.allSettled(uses)
      await wal.close()
      await db.close()
    },
  }
}

async function openEngine(path: string, { readOnly, create = false }: Mode): Promise<RocksDB> {
  await checkManifest(path)
  const db = new RocksDB(path, { readOnly, createIfMissing: create, writeBufferSize })
  await db.ready()
  return db
}

function walOf(path: string, db: RocksDB): Wal {
  return createWal(path, () => db.currentWalFile())
}

async function readKeys(db: RocksDB, keys: string[]): Promise<Value[]> {
  const values: Value[] = []
  for (let i = 0; i < keys.length; i += chunk) {
    const part = keys.slice(i, i + chunk)
    const batch = db.read({ capacity: part.length, autoDestroy: true })
    const found = part.map((key) => batch.get(key).then(toText, toUnreadable))
    batch.tryFlush()
    values.push(...(await Promise.all(found)))
  }
  return values
}

async function writeBatch(db: RocksDB, writes: Write[]): Promise<void> {
  const batch = db.write({ capacity: writes.length, autoDestroy: true })
  for (const { key, value } of writes) {
    if (value === undefined) batch.tryDelete(key)
    else batch.tryPut(key, value)
  }
  await batch.flush()
}

async function scanRange(db: RocksDB, range: Range): Promise<Page[]> {
  const { pages, flaw } = await walk(db, range, chunk)
  return flaw ? scanAround(db, range) : pages
}

/** A damaged block ends an iterator, so both sides of it are read: forwards to it, then backwards to it. */
async function scanAround(db: RocksDB, range: Range): Promise<Page[]> {
  const before = await walk(db, { ...range, reverse: false }, 1)
  if (!before.flaw) return before.pages
  const lastBefore = before.pages.at(-1)?.key ?? range.from
  const hole = {
    key: lastBefore,
    value: new Unreadable(`what follows it is unreadable: ${before.flaw.reason}`),
  }
  const after = await walk(db, { from: `${lastBefore} `, to: range.to, reverse: true }, 1)
  const all = [...before.pages, hole, ...after.pages.reverse()]
  return (range.reverse ? all.reverse() : all).slice(0, range.limit)
}

type Walk = { pages: Page[]; flaw: Unreadable | undefined }

async function walk(db: RocksDB, range: Range, capacity: number): Promise<Walk> {
  const pages: Page[] = []
  const { from: gte, to: lt, limit = -1, reverse = false } = range
  try {
    for await (const { key, value } of db.iterator({ gte, lt, limit, capacity, reverse })) {
      pages.push({ key: key.toString(), value: value.toString() })
    }
    return { pages, flaw: undefined }
  } catch (error) {
    return { pages, flaw: toUnreadable(error) }
  }
}

function toText(value: Buffer | null): string | undefined {
  return value?.toString()
}

function toUnreadable(error: unknown): Unreadable {
  return new Unreadable(toMessage(error))
}

async function requireRoom(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(path)
  const sizes = await Promise.all((await listLogs(path)).map(async (log) => (await stat(log.path)).size))
  const needed = sizes.reduce((sum, size) => sum + size, spareBytes)
  if (bavail * bsize < needed) throw diskFull(needed)
}

/** What a commit is told when its batch could not be written. */
export function toRefusal(error: unknown): AuraError {
  if (error instanceof AuraError) return error
  const cause = error instanceof Error && error.cause ? error.cause : error
  if (isDiskFull(cause)) return diskFull()
  return new AuraError(
    "service_unavailable",
    `Nothing was saved, because the disk refused: ${toMessage(cause)}. Check the disk, then restart Aura.`,
    { reason: "disk_error" },
  )
}

/** RocksDB's own errors carry no code. */
export function isDiskFull(error: unknown): boolean {
  return isFullByCode(error) || /no space left|quota exceeded/i.test(toMessage(error))
}

function diskFull(neededBytes = spareBytes): AuraError {
  const megabytes = Math.ceil(neededBytes / 1024 / 1024)
  return new AuraError(
    "service_unavailable",
    `Nothing was saved, because the disk is full. Free at least ${megabytes} MB and try again.`,
    { reason: "disk_full" },
  )
}
