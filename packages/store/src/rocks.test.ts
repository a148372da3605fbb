/** The store on disk: what it keeps, whom it lets in, and which formats it knows. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { programPath, runProgram } from "../test/child.ts"
import { dump, failureOf, makeFolder, noon, saveSpec } from "../test/samples.ts"
import { schemaKey } from "./keys.ts"
import { openStore } from "./rocks.ts"
import { openRocksPages } from "./rocks-pages.ts"

const now = () => noon

async function makeStore(specs: number): Promise<{ dir: string; held: string }> {
  const dir = join(await makeFolder(onTestFinished), "store")
  const store = await openStore(dir, { now })
  const commits = Array.from({ length: specs }, (_, n) => store.commit("spec.saved", saveSpec(`spec_${n}`)))
  await Promise.all(commits)
  const held = await dump(store)
  await store.close()
  return { dir, held }
}

test("holds the same rows and events after it was closed and opened again, and goes on counting", async () => {
  const { dir, held } = await makeStore(20)
  for (let round = 0; round < 3; round++) {
    const store = await openStore(dir, { now })
    expect(store.damage).toBeUndefined()
    expect([await dump(store), store.head]).toEqual([held, 20])
    await store.close()
  }
  const store = await openStore(dir, { now })
  expect((await store.commit("spec.saved", saveSpec("spec_1"))).seq).toBe(21)
  await store.close()
})

test("keeps a row over several log and table files", { timeout: 20_000 }, async () => {
  const dir = join(await makeFolder(onTestFinished), "store")
  const store = await openStore(dir, { now })
  const markdown = "word ".repeat(60_000)
  for (let n = 0; n < 100; n++)
    await store.commit("spec.saved", saveSpec(`spec_${n % 10}`, { markdown, order: n + 1 }))
  const orders = (await store.list("specs")).map(({ order }) => order)
  expect(orders).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100])
  await store.close()
  expect((await readdir(join(dir, "db"))).filter((name) => name.endsWith(".sst")).length).toBeGreaterThan(0)
  const again = await openStore(dir, { now })
  expect((await again.list("specs")).map(({ order }) => order)).toEqual(orders)
  await again.close()
})

test("refuses a second process and names the one that holds it", async () => {
  const { dir, held } = await makeStore(3)
  const holder = runProgram(process.execPath, [programPath("holder.ts"), dir])
  onTestFinished(holder.kill)
  await new Promise<void>((resolve) => holder.onLine(() => resolve()))
  const refused = await failureOf(openStore(dir, { now }))
  const { pid } = JSON.parse(await readFile(join(dir, "holder.json"), "utf8"))
  expect(refused).toMatchObject({ code: "conflict", details: { pid } })
  expect(String(refused)).toContain(`is in use by another Aura (process ${pid})`)
  holder.kill()
  await holder.ended
  const store = await openStore(dir, { now })
  expect(await dump(store)).toBe(held)
  await store.close()
})

test("refuses to be opened twice by one process", async () => {
  const { dir } = await makeStore(1)
  const store = await openStore(dir, { now })
  expect(await failureOf(openStore(dir, { now }))).toMatchObject({
    code: "conflict",
    details: { pid: process.pid },
  })
  await store.commit("spec.saved", saveSpec("spec_2"))
  await store.close()
})

test("lets only the lock decide: a note of a holder that is gone does not keep anyone out", async () => {
  const { dir } = await makeStore(1)
  await writeFile(join(dir, "holder.json"), JSON.stringify({ pid: 1 }))
  await (await openStore(dir, { now })).close()
})

test("says which folder it cannot use", async () => {
  const dir = await makeFolder(onTestFinished)
  await writeFile(join(dir, "file"), "in the way")
  const refused = await failureOf(openStore(join(dir, "file", "store"), { now }))
  expect(refused).toMatchObject({ code: "service_unavailable" })
  expect(String(refused)).toContain(join(dir, "file", "store"))
})

test("begins anew after a first start that was interrupted", async () => {
  const dir = join(await makeFolder(onTestFinished), "store")
  await mkdir(join(dir, "db"), { recursive: true })
  await writeFile(join(dir, "db", "MANIFEST-000001"), "")
  const store = await openStore(dir, { now })
  expect([store.damage, store.head]).toEqual([undefined, 0])
  await store.close()
})

async function writeFormat(dir: string, format: number): Promise<void> {
  const pages = await openRocksPages(join(dir, "db"), { readOnly: false })
  await pages.write([{ key: schemaKey, value: String(format) }])
  await pages.close()
}

test("refuses a newer format, names both and touches nothing", async () => {
  const { dir } = await makeStore(3)
  await writeFormat(dir, 7)
  const tables = async () => (await readdir(join(dir, "db"))).filter((name) => !name.startsWith("LOG"))
  const before = await tables()
  const refused = await failureOf(openStore(dir, { now }))
  expect(refused).toMatchObject({ code: "conflict", details: { found: 7, known: 2 } })
  expect(String(refused)).toMatch(/format 7.*format 2/)
  expect(await tables()).toEqual(before)
})
