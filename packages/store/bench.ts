/** Durable commits per second beside what the binding alone manages for the same bytes; prints JSON lines. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Row } from "@aura/core"
import RocksDB from "rocksdb-native"
import { openStore } from "./src/index.ts"
import { createWal } from "./src/wal.ts"

export type Measured = { name: string; aura: number; raw: number; ratio: number }

/** Runs `work` in so many loops at once and returns how often it ended per second. */
async function measureRate(
  writers: number,
  ms: number,
  work: (n: number) => Promise<unknown>,
): Promise<number> {
  const begin = performance.now()
  let count = 0
  async function loop(): Promise<void> {
    while (performance.now() - begin < ms) await work(count++)
  }
  await Promise.all(Array.from({ length: writers }, loop))
  return Math.round((count * 1000) / (performance.now() - begin))
}

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "aura-bench-"))
  return work(dir).finally(() => rm(dir, { recursive: true }))
}

function toSpec(n: number): Row<"specs"> {
  const at = new Date(n).toISOString()
  const id = `spec_${String(n).padStart(12, "0")}`
  return {
    id,
    projectId: "prj_1",
    order: 1,
    title: id,
    markdown: "word ".repeat(60),
    createdAt: at,
    updatedAt: at,
  }
}

async function measureAura(writers: number, ms: number): Promise<number> {
  return inFolder(async (dir) => {
    const store = await openStore(join(dir, "store"), { now: Date.now })
    const rate = await measureRate(writers, ms, (n) =>
      store.commit("spec.saved", { projectId: "prj_1", rows: { specs: [toSpec(n)] } }),
    )
    await store.close()
    return rate
  })
}

/** What each writer would do without the store: one batch of the same four keys, then the shared sync. */
async function measureRaw(writers: number, ms: number): Promise<number> {
  return inFolder(async (dir) => {
    const db = new RocksDB(dir)
    await db.ready()
    const wal = createWal(dir, () => db.currentWalFile())
    const rate = await measureRate(writers, ms, async (n) => {
      const row = JSON.stringify(toSpec(n))
      const batch = db.write({ capacity: 4, autoDestroy: true })
      batch.tryPut(`row specs ${n}`, row)
      batch.tryPut(`by specs projectId prj_1 ${n}`, "")
      batch.tryPut(`event ${n}`, `{"prev":"${"0".repeat(64)}","event":{"rows":{"specs":[${row}]}}}`)
      batch.tryPut(`event-of prj_1 ${n}`, "")
      await batch.flush()
      await wal.sync()
    })
    await wal.close()
    await db.close()
    return rate
  })
}

/** Many short turns of each side and the median of each, because the machine is shared. */
export async function measureStore(writers: number, turns = 11, ms = 300): Promise<Measured> {
  const rates: { aura: number; raw: number }[] = []
  for (let turn = 0; turn < turns; turn++) {
    rates.push({ raw: await measureRaw(writers, ms), aura: await measureAura(writers, ms) })
  }
  const aura = toMedian(rates.map((rate) => rate.aura))
  const raw = toMedian(rates.map((rate) => rate.raw))
  return {
    name: `durable commits per second, writers: ${writers}`,
    aura,
    raw,
    ratio: Math.round((aura / raw) * 100) / 100,
  }
}

function toMedian(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

if (import.meta.main) {
  for (const writers of [1, 8, 64]) console.log(JSON.stringify(await measureStore(writers)))
}
