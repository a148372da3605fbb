/** Search by words, on both twins: finds what reading every row would find, without reading it. */
import { join } from "node:path"
import { upcasters } from "@aura/core"
import fc from "fast-check"
import { describe, expect, onTestFinished, test } from "vitest"
import { failureOf, makeFolder, noon, toEntry } from "../test/samples.ts"
import { emptyHead } from "./chain.ts"
import { createStore } from "./commit.ts"
import { rowRange, staleRange, textRange } from "./keys.ts"
import { createMemoryPages, openMemoryStore } from "./memory.ts"
import type { Pages } from "./pages.ts"
import { openStore } from "./rocks.ts"
import type { Store } from "./store.ts"
import { createVersions } from "./versions.ts"

const now = () => noon

async function openOnDisk(): Promise<Store> {
  const dir = await makeFolder(onTestFinished)
  const store = await openStore(join(dir, "store"), { now })
  onTestFinished(() => store.close())
  return store
}

const twins = [
  { twin: "on disk", open: openOnDisk },
  { twin: "in memory", open: async () => openMemoryStore({ now }) },
]

function idOf(n: number): string {
  return `ent_${String(n).padStart(6, "0")}`
}

async function fill(store: Store, outputs: string[], projectId = "prj_1", first = 0): Promise<void> {
  for (let at = 0; at < outputs.length; at += 50) {
    const entries = outputs
      .slice(at, at + 50)
      .map((output, i) => toEntry(idOf(first + at + i), { output, projectId }))
    await store.commit("entry.added", { projectId, rows: { entries } })
  }
}

async function find(store: Store, words: string[], projectId?: string): Promise<string[]> {
  return (await store.search("entries", { words, projectId, limit: 10 })).map(({ id }) => id)
}

describe.each(twins)("search $twin", ({ open }) => {
  test("finds all of the words in any case, parts of words too, the newest first and no more than asked", async () => {
    const store = await open()
    const outputs = Array.from({ length: 300 }, (_, n) => `line ${n} of createStore`)
    outputs[7] = "A needle in the HAYSTACK"
    outputs[290] = "another Needle, no hay"
    await fill(store, outputs)
    expect(await find(store, ["needle"])).toEqual([idOf(290), idOf(7)])
    expect(await find(store, ["haystack", "NEEDLE"])).toEqual([idOf(7)])
    expect(await find(store, ["atestor", "line"])).toHaveLength(10)
    expect((await find(store, ["store"]))[0]).toBe(idOf(299))
    expect(await find(store, ["nowhere"])).toEqual([])
  })

  test("finds words of one or two characters, of other scripts, and what JSON writes in another way", async () => {
    const store = await open()
    const outputs = Array.from({ length: 200 }, () => "nothing here")
    outputs[3] = "漢字 and ẞ"
    outputs[4] = 'says "quoted" and C:\\path'
    outputs[5] = "qz"
    await fill(store, outputs)
    expect(await find(store, ["字"])).toEqual([idOf(3)])
    expect(await find(store, ["qz"])).toEqual([idOf(5)])
    expect(await find(store, ['"quoted"'])).toEqual([idOf(4)])
    expect(await find(store, ["c:\\path"])).toEqual([idOf(4)])
  })

  test("finds only the entries of a project when it is asked for one", async () => {
    const store = await open()
    await fill(store, Array(130).fill("shared word"), "prj_1")
    await fill(store, ["shared word"], "prj_2", 130)
    await fill(store, Array(130).fill("shared word"), "prj_1", 131)
    expect(await find(store, ["shared"], "prj_2")).toEqual([idOf(130)])
    expect(await find(store, ["shared"], "prj_3")).toEqual([])
  })

  test("forgets a row that is removed, and finds a row that changed by its new words only", async () => {
    const store = await open()
    const outputs = Array.from({ length: 200 }, (_, n) => (n === 20 || n === 40 ? "secret thing" : "x"))
    await fill(store, outputs)
    await store.commit("entry.added", { rows: {}, removed: { entries: [idOf(20)] } })
    await store.commit("entry.added", { rows: { entries: [toEntry(idOf(40), { output: "masked" })] } })
    expect(await find(store, ["secret"])).toEqual([])
    expect(await find(store, ["masked"])).toEqual([idOf(40)])
  })
})

async function countKeys(pages: Pages): Promise<number[]> {
  const ranges = [textRange("entries"), staleRange("entries")]
  return Promise.all(ranges.map(async (range) => (await pages.scan(range)).length))
}

/** Pages that count the rows read by ranges. */
function createCounting(): { pages: Pages; read: () => number } {
  const pages = createMemoryPages()
  const rows = rowRange("entries")
  let count = 0
  return {
    read: () => count,
    pages: {
      ...pages,
      async scan(range) {
        const found = await pages.scan(range)
        if (range.from >= rows.from && range.from < rows.to) count += found.length
        return found
      },
    },
  }
}

const options = { now, head: emptyHead, versions: createVersions(upcasters) }

test("reads a small part of the rows for a rare word, wherever it stands", async () => {
  const { pages, read } = createCounting()
  const store = createStore(pages, options)
  const outputs = Array.from({ length: 5000 }, (_, n) => `common words, number ${n}`)
  outputs[2500] = "unheard-of"
  await fill(store, outputs)
  const before = read()
  expect(await find(store, ["unheard"])).toEqual([idOf(2500)])
  expect(read() - before).toBeLessThan(1000)
})

test("leaves nothing of removed rows in the index", async () => {
  const pages = createMemoryPages()
  const store = createStore(pages, options)
  await fill(store, Array(640).fill("words"))
  expect((await countKeys(pages))[0]).toBeGreaterThan(5)
  const entries = Array.from({ length: 640 }, (_, n) => idOf(n))
  await store.commit("project.removed", { rows: {}, removed: { entries } })
  // What is left to do is done between commits.
  for (let n = 0; n < 20; n++) await store.commit("settings.saved", { rows: {} })
  expect(await countKeys(pages)).toEqual([0, 0])
})

test("finds rows that were stored before there was an index, and makes it for them", async () => {
  const pages = createMemoryPages()
  await fill(createStore(pages, options), Array(300).fill("old words"))
  for (const { key } of await pages.scan(textRange("entries"))) await pages.write([{ key, value: undefined }])
  const store = createStore(pages, { ...options, head: { seq: 6, hash: "" } })
  expect(await find(store, ["old"])).toHaveLength(10)
  for (let n = 0; n < 10; n++) await store.commit("settings.saved", { rows: {} })
  expect((await countKeys(pages))[0]).toBeGreaterThan(0)
})

test("misses nothing after a write that failed", async () => {
  const pages = createMemoryPages()
  let isFull = false
  const store = createStore(
    {
      ...pages,
      write: (batch) => (isFull ? Promise.reject(new Error("the disk is full")) : pages.write(batch)),
    },
    options,
  )
  for (let n = 0; n < 400; n++) {
    isFull = n % 50 > 40
    const saved = store.commit("entry.added", {
      rows: { entries: [toEntry(idOf(n), { output: `number${n}.` })] },
    })
    if (isFull) await failureOf(saved)
    else await saved
  }
  for (let n = 0; n < 400; n++) {
    const expected = n % 50 > 40 ? [] : [idOf(n)]
    expect(await find(store, [`number${n}.`])).toEqual(expected)
  }
})

const id = fc.integer({ min: 0, max: 400 }).map(idOf)
const word = fc.constantFrom("alpha", "beta", "gamma", "al", "ÄÖ", "x")
const step = fc.oneof(
  fc.record({ save: fc.uniqueArray(id, { maxLength: 90 }), text: word }),
  fc.record({ remove: fc.uniqueArray(id, { maxLength: 60 }) }),
)

test("finds what reading every row would find, after any commits", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), word, async (steps, wanted) => {
      const store = openMemoryStore({ now })
      const model = new Map<string, string>()
      for (const one of steps) {
        if ("remove" in one) {
          for (const gone of one.remove) model.delete(gone)
          await store.commit("entry.added", { rows: {}, removed: { entries: one.remove } })
        } else {
          for (const saved of one.save) model.set(saved, one.text)
          const entries = one.save.map((saved) => toEntry(saved, { output: one.text }))
          await store.commit("entry.added", { rows: { entries } })
        }
      }
      const holds = (text: string) => text.toLowerCase().includes(wanted.toLowerCase())
      // The input of the sample holds these letters too.
      const expected = [...model].filter(([, text]) => holds(text) || holds(sampleInput)).map(([key]) => key)
      const found = await store.search("entries", { words: [wanted], limit: 1000 })
      expect(found.map((row) => row.id)).toEqual(expected.sort().reverse())
    }),
    { numRuns: 60 },
  )
})

const sampleInput = JSON.stringify({ command: "ls", options: { all: true } })
