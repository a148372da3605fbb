/** Data of other versions: what an older or a newer Aura wrote opens, works and closes, or is refused unharmed. */
import { execFileSync } from "node:child_process"
import { mkdir, readdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { tableNames, type Upcasters } from "@aura/core"
import { expect, onTestFinished, test } from "vitest"
import { dump, failureOf, makeFolder, noon, saveSpec, textOf, toEntry, toSpec } from "../test/samples.ts"
import { toRecord } from "./chain.ts"
import { eventKey, headKey, indexesKey, indexKey, rowKey, schemaKey } from "./keys.ts"
import type { Write } from "./pages.ts"
import { openStore } from "./rocks.ts"
import { openRocksPages, type RocksPages } from "./rocks-pages.ts"
import { parseHead } from "./witness.ts"

const now = () => noon

async function makeStore(): Promise<string> {
  const dir = join(await makeFolder(onTestFinished), "store")
  const store = await openStore(dir, { now })
  await store.commit("spec.saved", saveSpec("spec_1"))
  await store.close()
  return dir
}

async function change<T>(dir: string, work: (pages: RocksPages) => Promise<T>): Promise<T> {
  const pages = await openRocksPages(join(dir, "db"), { readOnly: false })
  try {
    return await work(pages)
  } finally {
    await pages.close()
  }
}

/** Stores an event and rows as an Aura of another version would. */
async function writeAsOther(
  dir: string,
  event: { type: string; rows: Record<string, { id: string }[]>; private?: string[] },
): Promise<void> {
  await change(dir, async (pages) => {
    const last = parseHead(textOf((await pages.read([headKey]))[0])) ?? { seq: 0, hash: "" }
    const seq = last.seq + 1
    const record = toRecord(last, seq, JSON.stringify({ seq, at: new Date(noon).toISOString(), ...event }))
    const rows = Object.entries(event.rows).flatMap(([table, list]): Write[] =>
      list.map((row) => ({ key: `row ${table} ${row.id}`, value: JSON.stringify(row) })),
    )
    await pages.write([
      ...rows,
      { key: eventKey(seq), value: record.text },
      { key: headKey, value: JSON.stringify(record.head) },
    ])
  })
}

const newer = {
  type: "fleet.joined",
  rows: {
    specs: [{ ...toSpec("spec_1"), colour: "red" }],
    machines: [{ id: "mac_1", name: "far away" }],
    vaults: [{ id: "v_1", key: "for nobody" }],
  },
  private: ["vaults"],
}

test("opens data with additions of a newer Aura, passes them on, works and closes", async () => {
  const dir = await makeStore()
  await writeAsOther(dir, newer)
  const store = await openStore(dir, { now })
  expect(store.damage).toBeUndefined()
  expect((await store.eventsAfter(1))[0]).toMatchObject({ seq: 2, ...newer })
  expect(await store.get("specs", "spec_1")).toEqual(toSpec("spec_1"))
  const event = await store.commit("spec.saved", saveSpec("spec_1", { title: "changed here" }))
  expect(event.seq).toBe(3)
  await store.close()
  const [machine, vault] = await change(dir, (pages) => pages.read(["row machines mac_1", "row vaults v_1"]))
  expect([machine, vault].map((text) => JSON.parse(textOf(text)))).toEqual([
    newer.rows.machines[0],
    newer.rows.vaults[0],
  ])
})

test("keeps fields it does not know when it writes their row, in the row and in the event", async () => {
  const dir = await makeStore()
  await writeAsOther(dir, newer)
  const store = await openStore(dir, { now })
  const event = await store.commit("spec.saved", async (read) => {
    const spec = await read.get("specs", "spec_1")
    return spec && { rows: { specs: [{ ...spec, title: "changed here" }] } }
  })
  const whole = { ...toSpec("spec_1", { title: "changed here" }), colour: "red" }
  expect(event?.rows.specs).toEqual([whole])
  await store.close()
  expect(
    JSON.parse(textOf((await change(dir, (pages) => pages.read([rowKey("specs", "spec_1")])))[0])),
  ).toEqual(whole)
})

test("still refuses to invent fields and event types of its own", async () => {
  const dir = await makeStore()
  const store = await openStore(dir, { now })
  const spec = { ...toSpec("spec_2"), colour: "red" }
  expect((await store.commit("spec.saved", { rows: { specs: [spec] } })).rows.specs).toEqual([
    toSpec("spec_2"),
  ])
  const untyped = Reflect.apply(store.commit, store, ["fleet.joined", saveSpec("spec_1")])
  expect(await failureOf(untyped)).toMatchObject({ code: "bad_request" })
  await store.close()
})

test("names the tables of an event that are private, so that an older Aura keeps them in too", async () => {
  const dir = await makeStore()
  const store = await openStore(dir, { now })
  const revoked = { id: "login_1", expiresAt: "2026-01-01T00:00:00.000Z" }
  const event = await store.commit("login.ended", { rows: { revokedLogins: [revoked] } })
  expect(event.private).toEqual(["revokedLogins"])
  await store.close()
})

const upcasters: Upcasters = {
  specs: [
    (row) => ({ ...row, title: `${String(row.title)} of two` }),
    (row) => ({ ...row, markdown: `${String(row.markdown)} of three` }),
  ],
}

test("brings older rows forward when they are read, in lists and in events, and leaves the files as they are", async () => {
  const dir = await makeStore()
  const store = await openStore(dir, { now, upcasters })
  const forward = toSpec("spec_1", { title: "spec_1 of two", markdown: "text of three" })
  expect(await store.list("specs")).toEqual([forward])
  expect((await store.eventsAfter(0))[0]?.rows.specs?.[0]).toMatchObject(forward)
  await store.close()
  const [text] = await change(dir, (pages) => pages.read([rowKey("specs", "spec_1")]))
  expect(JSON.parse(textOf(text))).toEqual(toSpec("spec_1"))
})

test("writes rows in their present version, which no step changes again", async () => {
  const dir = await makeStore()
  for (let round = 0; round < 2; round++) {
    const store = await openStore(dir, { now, upcasters })
    const event = await store.commit("spec.saved", saveSpec("spec_1", { title: "mine" }))
    expect(event.rows.specs?.[0]).toMatchObject({ title: "mine", v: 3 })
    expect(await store.get("specs", "spec_1")).toEqual(toSpec("spec_1", { title: "mine" }))
    expect((await store.eventsAfter(event.seq - 1))[0]?.rows.specs?.[0]).toMatchObject({ title: "mine" })
    await store.close()
  }
})

test("makes a checkpoint before rows of a new version are written, once, and an older Aura then refuses", async () => {
  const dir = await makeStore()
  for (let round = 0; round < 2; round++) await (await openStore(dir, { now, upcasters })).close()
  expect(await readdir(join(dir, "..", "checkpoints"))).toHaveLength(1)
  const before = await readdir(join(dir, "db"))
  expect(await failureOf(openStore(dir, { now }))).toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/newer version \(format 4\).*format 2.*Nothing was changed/),
    details: { found: 4, known: 2 },
  })
  const isData = (name: string) => !name.startsWith("LOG")
  expect((await readdir(join(dir, "db"))).filter(isData)).toEqual(before.filter(isData))
})

test("leaves the format as it is while an older Aura can read all of it", async () => {
  const dir = await makeStore()
  expect(await change(dir, (pages) => pages.read([schemaKey]))).toEqual(["1"])
})

test("lists by a column rightly after an Aura without that column has written", async () => {
  const dir = await makeStore()
  const store = await openStore(dir, { now })
  await store.commit("entry.added", { rows: { entries: [toEntry("ent_1", { taskId: "task_1" })] } })
  await store.close()
  await writeAsOther(dir, {
    type: "entry.added",
    rows: { entries: [toEntry("ent_1", { taskId: "task_2" }), toEntry("ent_2", { taskId: "task_1" })] },
  })
  const again = await openStore(dir, { now })
  expect((await again.list("entries", { taskId: "task_1" })).map((row) => row.id)).toEqual(["ent_2"])
  expect((await again.list("entries", { taskId: "task_2" })).map((row) => row.id)).toEqual(["ent_1"])
  await again.close()
})

test("makes the keys of a column that an older Aura did not have, for the rows that are there", async () => {
  const dir = await makeStore()
  await change(dir, async (pages) => {
    const head = parseHead(textOf((await pages.read([headKey]))[0]))
    await pages.write([
      { key: indexKey("specs", "projectId", "prj_1", "spec_1"), value: undefined },
      { key: indexesKey, value: undefined },
      { key: headKey, value: JSON.stringify(head) },
    ])
  })
  const store = await openStore(dir, { now })
  expect((await store.list("specs", { projectId: "prj_1" })).map((row) => row.id)).toEqual(["spec_1"])
  await store.close()
})

const golden = fileURLToPath(new URL("../test/golden/", import.meta.url))
const releases = (await readdir(golden)).map((name) => name.replace(/\.tgz$/, ""))

test.each(releases)("opens, reads and goes on with the data of release %s", async (release) => {
  const dir = join(await makeFolder(onTestFinished), "store")
  await mkdir(dir)
  execFileSync("tar", ["xzf", join(golden, `${release}.tgz`), "-C", dir])
  const store = await openStore(dir, { now })
  expect(store.damage).toBeUndefined()
  const held = await dump(store)
  const counts = await Promise.all(tableNames.map(async (table) => (await store.list(table)).length))
  expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(20)
  const [task] = await store.list("tasks")
  const entries = await store.list("entries", { taskId: task?.id ?? "" })
  expect([task?.status, entries.length > 0]).toEqual(["done", true])
  expect((await store.search("entries", { words: ["hello"], limit: 5 })).length).toBeGreaterThan(0)
  const { head } = store
  expect((await store.commit("spec.saved", saveSpec("spec_1"))).seq).toBe(head + 1)
  await store.close()
  const again = await openStore(dir, { now })
  expect(again.damage).toBeUndefined()
  await again.commit("specs.generated", { rows: {}, removed: { specs: ["spec_1"] } })
  expect(JSON.parse(await dump(again)).rows).toEqual(JSON.parse(held).rows)
  await again.close()
})
