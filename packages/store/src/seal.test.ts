/** Compaction of the event log: old events go behind a seal, and the chain is checked from there. */
import { join } from "node:path"
import { describe, expect, onTestFinished, test } from "vitest"
import { programPath, runProgram } from "../test/child.ts"
import { failureOf, makeFolder, noon, saveSpec, textOf } from "../test/samples.ts"
import { emptyHead } from "./chain.ts"
import { createStore } from "./commit.ts"
import { eventKey, eventRange, projectEventRange, sealKey } from "./keys.ts"
import { createMemoryPages, openMemoryStore } from "./memory.ts"
import { openStore } from "./rocks.ts"
import { openRocksPages } from "./rocks-pages.ts"
import type { Store } from "./store.ts"
import { createVersions } from "./versions.ts"

const now = () => noon

async function fill(store: Store, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, n) => store.commit("spec.saved", saveSpec(`spec_${n}`))),
  )
}

async function makeStore(count: number): Promise<string> {
  const dir = join(await makeFolder(onTestFinished), "store")
  const store = await openStore(dir, { now })
  await fill(store, count)
  await store.close()
  return dir
}

const twins = [
  {
    twin: "on disk",
    open: async () => {
      const store = await openStore(join(await makeFolder(onTestFinished), "store"), { now })
      onTestFinished(() => store.close())
      return store
    },
  },
  { twin: "in memory", open: async () => openMemoryStore({ now }) },
]

describe.each(twins)("compaction $twin", ({ open }) => {
  test("drops the old events, keeps the rows, and goes on counting", async () => {
    const store = await open()
    await fill(store, 20)
    expect(store.sealed).toBe(0)
    await store.compact(15)
    expect(store.sealed).toBe(15)
    expect(await store.list("specs")).toHaveLength(20)
    expect((await store.eventsAfter(15)).map(({ seq }) => seq)).toEqual([16, 17, 18, 19, 20])
    expect((await store.eventsAfter(15, { projectId: "prj_1" })).map(({ seq }) => seq)).toEqual([
      16, 17, 18, 19, 20,
    ])
    expect((await store.commit("spec.saved", saveSpec("spec_1"))).seq).toBe(21)
  })

  test("tells whoever asks for events that are gone, and from where on there are some", async () => {
    const store = await open()
    await fill(store, 20)
    await store.compact(15)
    for (const projectId of [undefined, "prj_1"]) {
      const asked = store.eventsAfter(14, projectId === undefined ? {} : { projectId })
      expect(await failureOf(asked)).toMatchObject({
        code: "conflict",
        details: { reason: "compacted", sealed: 15 },
      })
    }
  })

  test("seals further from the last seal, never back, and never beyond the last event", async () => {
    const store = await open()
    await fill(store, 20)
    await store.compact(5)
    await store.compact(3)
    expect(store.sealed).toBe(5)
    await store.compact(12)
    expect(store.sealed).toBe(12)
    await store.compact(99)
    expect([store.sealed, store.head]).toEqual([20, 20])
    expect((await store.commit("spec.saved", saveSpec("spec_1"))).seq).toBe(21)
    expect((await store.eventsAfter(20)).map(({ seq }) => seq)).toEqual([21])
  })
})

async function leftKeys(dir: string, upTo: number): Promise<number> {
  const pages = await openRocksPages(join(dir, "db"), { readOnly: true })
  const found = [
    ...(await pages.scan(eventRange(0, upTo))),
    ...(await pages.scan(projectEventRange("prj_1", 0, upTo))),
  ]
  await pages.close()
  return found.length
}

test("is whole after it is opened again, from the seal on", async () => {
  const dir = await makeStore(30)
  const first = await openStore(dir, { now })
  await first.compact(20)
  await first.close()
  expect(await leftKeys(dir, 20)).toBe(0)
  const store = await openStore(dir, { now })
  expect([store.damage, store.sealed, store.head]).toEqual([undefined, 20, 30])
  expect(await store.eventsAfter(20)).toHaveLength(10)
  await store.close()
})

test("finds a changed event behind the seal, and a seal that was changed", async () => {
  const dir = await makeStore(30)
  const first = await openStore(dir, { now })
  await first.compact(20)
  await first.close()
  for (const [key, change] of [
    [eventKey(22), (text: string) => text.replace("text", "fake")],
    [sealKey, (text: string) => text.replace(/"hash":"./, '"hash":"x')],
    [sealKey, () => "?"],
  ] as const) {
    const pages = await openRocksPages(join(dir, "db"), { readOnly: false })
    const before = textOf((await pages.read([key]))[0])
    await pages.write([{ key, value: change(before) }])
    await pages.close()
    const store = await openStore(dir, { now })
    expect(store.damage?.reason).toBeDefined()
    await store.close()
    const repaired = await openRocksPages(join(dir, "db"), { readOnly: false })
    await repaired.write([{ key, value: before }])
    await repaired.close()
  }
  const store = await openStore(dir, { now })
  expect(store.damage).toBeUndefined()
  await store.close()
})

test("does not seal over an event that was changed", async () => {
  const pages = createMemoryPages()
  const store = createStore(pages, { now, head: emptyHead, versions: createVersions({}) })
  await fill(store, 10)
  const text = textOf((await pages.read([eventKey(4)]))[0])
  await pages.write([{ key: eventKey(4), value: text.replace("text", "fake") }])
  expect(await failureOf(store.compact(8))).toMatchObject({ code: "service_unavailable" })
  expect(store.sealed).toBe(0)
})

test("is done or not done, never half, wherever the process is killed", async () => {
  const count = 1200
  const sealedAt: number[] = []
  for (let writes = 0; writes <= 4; writes++) {
    const dir = await makeStore(count)
    const child = runProgram(process.execPath, [
      programPath("compactor.ts"),
      join(dir, "db"),
      "1100",
      String(writes),
    ])
    const { code, errors } = await child.ended
    expect([code, errors]).toEqual([writes < 4 ? null : 0, ""])
    const store = await openStore(dir, { now })
    expect([store.damage, store.head]).toEqual([undefined, count])
    sealedAt.push(store.sealed)
    expect(await store.eventsAfter(store.sealed, { limit: 5000 })).toHaveLength(count - store.sealed)
    expect(await store.list("specs")).toHaveLength(count)
    await store.compact(1100)
    await store.close()
    expect(await leftKeys(dir, 1100)).toBe(0)
  }
  expect(sealedAt).toEqual([0, 1100, 1100, 1100, 1100])
})
