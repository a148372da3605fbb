/** Checkpoints are whole, share nothing with the store, and bring it back. */
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { dump, failureOf, makeFolder, noon, saveSpec } from "../test/samples.ts"
import { restoreCheckpoint } from "./restore.ts"
import { type OpenedStore, openStore } from "./rocks.ts"

/** A store whose clock goes on by an hour at every look. */
async function open(dir: string): Promise<OpenedStore> {
  let hours = 0
  return openStore(dir, { now: () => noon + 3_600_000 * hours++ })
}

async function save(store: OpenedStore, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) await store.commit("spec.saved", saveSpec(`spec_${n}`))
}

async function makeDir(): Promise<string> {
  return join(await makeFolder(onTestFinished), "store")
}

async function listTables(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".sst"))
}

test("brings the store back to a checkpoint, and keeps what was there beside it", async () => {
  const dir = await makeDir()
  const store = await open(dir)
  await save(store, 1, 10)
  const name = await store.checkpoint()
  const held = await dump(store)
  expect(name).toMatch(/^10-2026-01-0\dT/)
  await save(store, 11, 15)
  await store.close()

  const { head, movedTo } = await restoreCheckpoint(dir, name)
  expect(head).toBe(10)
  expect(await readdir(movedTo ?? "")).toContain("CURRENT")
  const back = await open(dir)
  expect([back.damage, back.head, await dump(back)]).toEqual([undefined, 10, held])
  await save(back, 20, 21)
  expect((await back.checkpoint()).startsWith("12-")).toBe(true)
  await back.close()
  const again = await open(dir)
  expect([again.damage, again.head]).toEqual([undefined, 12])
  await again.close()
})

test("fixes a store whose files are damaged, and leaves the damaged ones as they were", async () => {
  const dir = await makeDir()
  const first = await open(dir)
  await save(first, 1, 50)
  await first.close()
  const store = await open(dir)
  const name = await store.checkpoint()
  const held = await dump(store)
  await store.close()
  const [table = ""] = await listTables(join(dir, "db"))
  const bytes = await readFile(join(dir, "db", table))
  await writeFile(join(dir, "db", table), bytes.fill(0xff, 0, bytes.length >> 1))

  const damaged = await open(dir)
  expect(damaged.damage?.checkpoints).toEqual([name])
  expect(await failureOf(damaged.checkpoint())).toMatchObject({ code: "service_unavailable" })
  expect(String(await failureOf(damaged.commit("settings.saved", { rows: {} })))).toContain(name)
  await damaged.close()
  const { movedTo = "" } = await restoreCheckpoint(dir, name)
  expect(await readFile(join(movedTo, table))).toEqual(bytes)
  const fixed = await open(dir)
  expect([fixed.damage, await dump(fixed)]).toEqual([undefined, held])
  await fixed.close()
})

test("shares no file with the store, but does not copy twice what it copied before", async () => {
  const dir = await makeDir()
  const first = await open(dir)
  await save(first, 1, 30)
  await first.close()
  const store = await open(dir)
  const names = [await store.checkpoint(), await store.checkpoint()]
  const [table = ""] = await listTables(join(dir, "db"))
  const folder = join(dir, "..", "checkpoints")
  const inodes = [join(dir, "db"), ...names.map((name) => join(folder, name, "db"))].map(
    async (place) => (await stat(join(place, table))).ino,
  )
  const [live, older, newer] = await Promise.all(inodes)
  expect(older).not.toBe(live)
  expect(newer).toBe(older)
  await store.close()
})

test("keeps the newest three", async () => {
  const store = await open(await makeDir())
  const names: string[] = []
  for (let n = 1; n <= 5; n++) {
    await save(store, n, n)
    names.push(await store.checkpoint())
  }
  await store.close()
  expect(names.map((name) => name.split("-")[0])).toEqual(["1", "2", "3", "4", "5"])
  const dir = await makeDir()
  const again = await open(dir)
  await again.close()
})

test("goes on saving while checkpoints are made, and each is whole", { timeout: 20_000 }, async () => {
  const dir = await makeDir()
  const store = await open(dir)
  let done = false
  const saving = (async () => {
    for (let n = 1; !done; n++) await save(store, n, n)
  })()
  const names: string[] = []
  for (let n = 0; n < 3; n++) names.push(await store.checkpoint())
  done = true
  await saving
  const { head } = store
  await store.close()
  const again = await open(dir)
  expect([again.damage, again.head]).toEqual([undefined, head])
  await again.close()
  for (const name of names) {
    const { head } = await restoreCheckpoint(dir, name)
    expect(String(head)).toBe(name.split("-")[0])
    const back = await open(dir)
    expect([back.damage, (await back.list("specs")).length]).toEqual([undefined, head])
    await back.close()
  }
})

test("refuses to go back while the store is open, or to what is not there", async () => {
  const dir = await makeDir()
  const store = await open(dir)
  const name = await store.checkpoint()
  expect(await failureOf(restoreCheckpoint(dir, name))).toMatchObject({ code: "conflict" })
  await store.close()
  expect(await failureOf(restoreCheckpoint(dir, "../store"))).toMatchObject({ code: "not_found" })
  const healthy = await open(dir)
  expect(healthy.damage).toBeUndefined()
  await healthy.close()
})

test("does not put a damaged checkpoint in the place of the store", async () => {
  const dir = await makeDir()
  const store = await open(dir)
  await save(store, 1, 5)
  const name = await store.checkpoint()
  const held = await dump(store)
  await store.close()
  const copy = join(dir, "..", "checkpoints", name, "db")
  await rm(join(copy, "CURRENT"))
  expect(await failureOf(restoreCheckpoint(dir, name))).toMatchObject({ code: "service_unavailable" })
  const same = await open(dir)
  expect(await dump(same)).toBe(held)
  await same.close()
})

test("brings back a store that is gone altogether", async () => {
  const dir = await makeDir()
  const store = await open(dir)
  await save(store, 1, 5)
  const name = await store.checkpoint()
  await store.close()
  await rm(dir, { recursive: true })
  expect(await restoreCheckpoint(dir, name)).toEqual({ head: 5, movedTo: undefined })
  const back = await open(dir)
  expect([back.damage, back.head]).toEqual([undefined, 5])
  await back.close()
})
