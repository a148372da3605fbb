/** One suite for both twins: whatever holds on disk holds in memory. */
import { join } from "node:path"
import type { AuraEvent } from "@aura/core"
import { describe, expect, onTestFinished, test } from "vitest"
import { dump, failureOf, makeFolder, noon, saveSpec, toEntry, toInstance, toSpec } from "../test/samples.ts"
import { openMemoryStore } from "./memory.ts"
import { openStore } from "./rocks.ts"
import type { Store } from "./store.ts"

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

describe.each(twins)("the store $twin", ({ open }) => {
  test("gives back the row that was saved, and nothing for an id it does not know", async () => {
    const store = await open()
    await store.commit("spec.saved", saveSpec("spec_1"))
    expect(await store.get("specs", "spec_1")).toEqual(toSpec("spec_1"))
    expect(await store.get("specs", "spec_2")).toBeUndefined()
    expect(await store.get("tasks", "spec_1")).toBeUndefined()
  })

  test("returns the event it made, numbered, timed and with the rows as stored", async () => {
    const store = await open()
    const event = await store.commit("spec.saved", saveSpec("spec_1"))
    expect(event).toEqual({
      seq: 1,
      at: "2026-01-01T12:00:00.000Z",
      type: "spec.saved",
      projectId: "prj_1",
      rows: { specs: [toSpec("spec_1")] },
    })
    expect(store.head).toBe(1)
  })

  test("lists rows in the order of their ids, all of them or those with one value", async () => {
    const store = await open()
    const specs = [toSpec("c"), toSpec("a", { projectId: "prj_2" }), toSpec("b")]
    await store.commit("specs.generated", { rows: { specs } })
    expect((await store.list("specs")).map(({ id }) => id)).toEqual(["a", "b", "c"])
    expect((await store.list("specs", { projectId: "prj_1" })).map(({ id }) => id)).toEqual(["b", "c"])
    expect(await store.list("specs", { projectId: "prj_3" })).toEqual([])
  })

  test("lists a page of rows, behind any id, of the table or of one value, also inside a commit", async () => {
    const store = await open()
    const specs = ["a", "a-b", "ab", "b", "c"].map((id) =>
      toSpec(id, { projectId: id === "c" ? "p2" : "p1" }),
    )
    await store.commit("specs.generated", { rows: { specs } })
    const ids = async (...args: [{ projectId?: string }, { after?: string; limit?: number }]) =>
      (await store.list("specs", ...args)).map((row) => row.id)
    expect(await ids({ projectId: "p1" }, { limit: 2 })).toEqual(["a", "a-b"])
    expect(await ids({ projectId: "p1" }, { after: "a-b", limit: 2 })).toEqual(["ab", "b"])
    expect(await ids({ projectId: "p1" }, { after: "b", limit: 2 })).toEqual([])
    expect(await ids({}, { after: "a", limit: 3 })).toEqual(["a-b", "ab", "b"])
    expect(await ids({}, { after: "aa" })).toEqual(["ab", "b", "c"])
    const seen: string[] = []
    await store.commit("spec.saved", async (read) => {
      const page = await read.list("specs", { projectId: "p1" }, { after: "a", limit: 2 })
      seen.push(...page.map((row) => row.id))
      return undefined
    })
    expect(seen).toEqual(["a-b", "ab"])
  })

  test("lists backwards, before any id, of the table or of one value, also inside a commit", async () => {
    const store = await open()
    const specs = ["a", "a-b", "ab", "b", "c"].map((id) =>
      toSpec(id, { projectId: id === "c" ? "p2" : "p1" }),
    )
    await store.commit("specs.generated", { rows: { specs } })
    const ids = async (...args: [{ projectId?: string }, { after?: string; limit?: number }]) =>
      (await store.list("specs", args[0], { ...args[1], reverse: true })).map((row) => row.id)
    expect(await ids({}, {})).toEqual(["c", "b", "ab", "a-b", "a"])
    expect(await ids({ projectId: "p1" }, { limit: 2 })).toEqual(["b", "ab"])
    expect(await ids({ projectId: "p1" }, { after: "ab", limit: 5 })).toEqual(["a-b", "a"])
    expect(await ids({}, { after: "a" })).toEqual([])
    const seen: string[][] = []
    await Promise.all([
      store.commit("spec.saved", { rows: { specs: [toSpec("bb", { projectId: "p1" })] } }),
      store.commit("spec.saved", { rows: {}, removed: { specs: ["b"] } }),
      store.commit("spec.saved", async (read) => {
        for (const page of [
          { limit: 2 },
          { limit: 2, reverse: true },
          { after: "bb", limit: 1, reverse: true },
        ])
          seen.push((await read.list("specs", { projectId: "p1" }, page)).map((row) => row.id))
        return undefined
      }),
    ])
    expect(seen).toEqual([["a", "a-b"], ["bb", "ab"], ["ab"]])
  })

  test("fills a page also when a second column leaves rows out", async () => {
    const store = await open()
    const entries = Array.from({ length: 30 }, (_, n) =>
      toEntry(`ent_${10 + n}`, { sessionId: "ses_1", taskId: n % 5 === 0 ? "task_1" : "task_2" }),
    )
    await store.commit("entry.added", { rows: { entries } })
    const of = { sessionId: "ses_1", taskId: "task_1" }
    const ids = async (page: object) => (await store.list("entries", of, page)).map(({ id }) => id)
    expect(await ids({ limit: 3 })).toEqual(["ent_10", "ent_15", "ent_20"])
    expect(await ids({ limit: 9, after: "ent_15", reverse: true })).toEqual(["ent_10"])
    expect(await ids({ limit: 2, reverse: true })).toEqual(["ent_35", "ent_30"])
  })

  test("stores a second fact about the same rows just before, as an event of its own in the same commit", async () => {
    const store = await open()
    const heard: string[] = []
    store.subscribe((event) => heard.push(`${event.seq} ${event.type}`))
    const last = await store.commit("loop.finished", { ...saveSpec("spec_1"), before: "budget.reached" })
    expect(heard).toEqual(["1 budget.reached", "2 loop.finished"])
    expect([last.seq, store.head]).toEqual([2, 2])
    const events = await store.eventsAfter(0, { projectId: "prj_1" })
    expect(events.map(({ type, rows }) => [type, rows])).toEqual([
      ["budget.reached", { specs: [toSpec("spec_1")] }],
      ["loop.finished", { specs: [toSpec("spec_1")] }],
    ])
  })

  test("lists by two columns at once and by columns a row may lack", async () => {
    const store = await open()
    const entries = [
      toEntry("ent_1", { sessionId: "ses_1", taskId: "task_1" }),
      toEntry("ent_2", { sessionId: "ses_2", taskId: "task_1" }),
      toEntry("ent_3", { sessionId: "ses_1" }),
    ]
    await store.commit("entry.added", { rows: { entries } })
    const both = await store.list("entries", { sessionId: "ses_1", taskId: "task_1" })
    expect(both.map(({ id }) => id)).toEqual(["ent_1"])
    expect((await store.list("entries", { taskId: "task_1" })).map(({ id }) => id)).toEqual([
      "ent_1",
      "ent_2",
    ])
    expect((await store.list("entries", { sessionId: "ses_1" })).map(({ id }) => id)).toEqual([
      "ent_1",
      "ent_3",
    ])
  })

  test("lists a row under its new value only, once the column has changed", async () => {
    const store = await open()
    await store.commit("spec.saved", saveSpec("spec_1", { projectId: "prj_1" }))
    await store.commit("spec.saved", saveSpec("spec_1", { projectId: "prj_2" }))
    expect(await store.list("specs", { projectId: "prj_1" })).toEqual([])
    expect(await store.list("specs", { projectId: "prj_2" })).toEqual([
      toSpec("spec_1", { projectId: "prj_2" }),
    ])
  })

  test("forgets a removed row everywhere and says so in the event", async () => {
    const store = await open()
    await store.commit("specs.generated", { rows: { specs: [toSpec("spec_1"), toSpec("spec_2")] } })
    const event = await store.commit("specs.generated", {
      rows: {},
      removed: { specs: ["spec_1", "spec_9"] },
    })
    expect(event.removed).toEqual({ specs: ["spec_1", "spec_9"] })
    expect(await store.get("specs", "spec_1")).toBeUndefined()
    expect((await store.list("specs", { projectId: "prj_1" })).map(({ id }) => id)).toEqual(["spec_2"])
    expect((await store.list("specs")).map(({ id }) => id)).toEqual(["spec_2"])
  })

  test("keeps what it stored when callers change their objects", async () => {
    const store = await open()
    const input = { command: "ls", nested: ["a"] }
    const entry = toEntry("ent_1", { input })
    const event = await store.commit("entry.added", { rows: { entries: [entry] } })
    input.nested.push("changed by the writer")
    const read = await store.get("entries", "ent_1")
    if (read?.kind === "tool") read.input.command = "changed by a reader"
    if (event.rows.entries) event.rows.entries.pop()
    const again = toEntry("ent_1", { input: { command: "ls", nested: ["a"] } })
    expect(await store.get("entries", "ent_1")).toEqual(again)
    expect((await store.eventsAfter(0))[0]?.rows.entries).toEqual([again])
  })

  test("lets one of fifty claims win that are made at once", async () => {
    const store = await open()
    await store.commit("instance.saved", { rows: { instances: [toInstance("inst_1")] } })
    const claims = Array.from({ length: 50 }, (_, n) =>
      store.commit("instance.saved", async (read) => {
        const instance = await read.get("instances", "inst_1")
        if (instance?.status !== "idle") return undefined
        return { rows: { instances: [{ ...instance, name: `claimed by ${n}`, status: "working" }] } }
      }),
    )
    const won = (await Promise.all(claims)).filter((event) => event !== undefined)
    expect(won).toHaveLength(1)
    expect(won[0]?.rows.instances).toEqual(await store.list("instances"))
    expect(store.head).toBe(2)
  })

  test("shows a deciding commit all earlier ones, in get and in every list", async () => {
    const store = await open()
    const seen: unknown[] = []
    void store.commit("specs.generated", { rows: { specs: [toSpec("a"), toSpec("b")] } })
    void store.commit("specs.generated", { rows: { specs: [toSpec("c")] }, removed: { specs: ["a"] } })
    await store.commit("spec.saved", async (read) => {
      seen.push(await read.get("specs", "a"), (await read.get("specs", "b"))?.id)
      seen.push((await read.list("specs")).map(({ id }) => id))
      seen.push((await read.list("specs", { projectId: "prj_1" })).map(({ id }) => id))
      return undefined
    })
    expect(seen).toEqual([undefined, "b", ["b", "c"], ["b", "c"]])
  })

  test("rejects only the commit whose decision throws", async () => {
    const store = await open()
    const fine = store.commit("spec.saved", saveSpec("spec_1"))
    const bad = store.commit("spec.saved", () => {
      throw new Error("no idea")
    })
    const alsoFine = store.commit("spec.saved", saveSpec("spec_2"))
    expect(await failureOf(bad)).toEqual(new Error("no idea"))
    expect([(await fine).seq, (await alsoFine).seq]).toEqual([1, 2])
  })

  test("numbers events without a gap, whatever fails or decides for nothing in between", async () => {
    const store = await open()
    const outcomes = Array.from({ length: 300 }, (_, n) => {
      if (n % 5 === 1) return failureOf(store.commit("spec.saved", { rows: { specs: [toSpec("bad id")] } }))
      if (n % 5 === 2) return store.commit("spec.saved", () => undefined)
      return store.commit("spec.saved", saveSpec(`spec_${n}`))
    })
    await Promise.all(outcomes)
    const events = await store.eventsAfter(0)
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 180 }, (_, n) => n + 1))
    expect(store.head).toBe(180)
    expect(await store.list("specs")).toHaveLength(180)
  })

  test("gives events after a number, of one project, and no more than asked for", async () => {
    const store = await open()
    for (let n = 1; n <= 6; n++) {
      await store.commit("spec.saved", saveSpec(`spec_${n}`, { projectId: n % 2 ? "prj_1" : "prj_10" }))
    }
    await store.commit("settings.saved", { rows: {} })
    const seqs = async (...args: Parameters<Store["eventsAfter"]>) =>
      (await store.eventsAfter(...args)).map(({ seq }) => seq)
    expect(await seqs(0)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(await seqs(4)).toEqual([5, 6, 7])
    expect(await seqs(1, { limit: 2 })).toEqual([2, 3])
    expect(await seqs(0, { projectId: "prj_1" })).toEqual([1, 3, 5])
    expect(await seqs(1, { projectId: "prj_10", limit: 2 })).toEqual([2, 4])
    expect([
      await seqs(7),
      await seqs(99),
      await seqs(0, { limit: 0 }),
      await seqs(-5, { limit: 1 }),
    ]).toEqual([[], [], [], [1]])
  })

  test("gives at most a thousand events unless told otherwise", async () => {
    const store = await open()
    const commits = Array.from({ length: 1005 }, () => store.commit("settings.saved", { rows: {} }))
    await Promise.all(commits)
    expect(await store.eventsAfter(0)).toHaveLength(1000)
    expect(await store.eventsAfter(0, { limit: 1004 })).toHaveLength(1004)
  })

  test("tells subscribers of each event in order, before the commit resolves, until they leave", async () => {
    const store = await open()
    const heard: number[] = []
    const leave = store.subscribe(({ seq }) => heard.push(seq))
    await Promise.all(Array.from({ length: 20 }, (_, n) => store.commit("spec.saved", saveSpec(`spec_${n}`))))
    expect(heard).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
    const last = await store.commit("spec.saved", saveSpec("spec_1"))
    expect(heard.at(-1)).toBe(last.seq)
    leave()
    await store.commit("spec.saved", saveSpec("spec_2"))
    expect(heard.at(-1)).toBe(last.seq)
  })

  test("never shows a subscriber an event that eventsAfter does not give yet", async () => {
    const store = await open()
    const missing: number[] = []
    const checks: Promise<void>[] = []
    store.subscribe(({ seq }) => {
      if (store.head < seq) missing.push(seq)
      checks.push(
        store.eventsAfter(seq - 1, { limit: 1 }).then(([event]) => {
          if (event?.seq !== seq) missing.push(seq)
        }),
      )
    })
    await Promise.all(Array.from({ length: 30 }, (_, n) => store.commit("spec.saved", saveSpec(`spec_${n}`))))
    await Promise.all(checks)
    expect(missing).toEqual([])
  })

  test("goes on telling the others when one subscriber fails", async () => {
    const store = await open()
    const warned = new Promise((resolve) => process.once("warning", resolve))
    const heard: AuraEvent[] = []
    store.subscribe(() => {
      throw new Error("broken listener")
    })
    store.subscribe((event) => heard.push(event))
    await store.commit("spec.saved", saveSpec("spec_1"))
    expect(heard).toHaveLength(1)
    expect(String(await warned)).toContain("broken listener")
  })

  const misfits: [string, unknown][] = [
    ["a field of the wrong type", { rows: { specs: [{ ...toSpec("spec_1"), order: "first" }] } }],
    ["a missing field", { rows: { specs: [{ id: "spec_1" }] } }],
    ["no row at all", { rows: { specs: [null] } }],
    ["a second row that does not fit", { rows: { specs: [toSpec("spec_1"), {}] } }],
    ["an id with a space", { rows: { specs: [toSpec("spec 1")] } }],
    ["an empty project", { rows: { specs: [toSpec("spec_1", { projectId: "" })] } }],
    ["a table that does not exist", { rows: { secretPlans: [{ id: "a" }] } }],
    ["the same row twice", { rows: { specs: [toSpec("spec_1"), toSpec("spec_1")] } }],
    ["a row both saved and removed", { rows: { specs: [toSpec("spec_1")] }, removed: { specs: ["spec_1"] } }],
    ["a number JSON cannot hold", { rows: { entries: [toEntry("ent_1", { input: { n: 1n } })] } }],
  ]

  test.each(misfits)("refuses %s and writes nothing", async (_, change) => {
    const store = await open()
    const before = await dump(store)
    // Past the compiler, as rows made from JSON come.
    const untyped = Reflect.apply(store.commit, store, ["spec.saved", change])
    const decided = Reflect.apply(store.commit, store, ["spec.saved", () => change])
    for (const attempt of [untyped, decided])
      expect(await failureOf(attempt)).toMatchObject({ code: "bad_request" })
    expect(await dump(store)).toBe(before)
    expect(store.head).toBe(0)
    expect((await store.commit("spec.saved", saveSpec("spec_1"))).seq).toBe(1)
  })

  test("refuses an event type it does not know", async () => {
    const store = await open()
    const untyped = Reflect.apply(store.commit, store, ["spec.exploded", saveSpec("spec_1")])
    expect(await failureOf(untyped)).toMatchObject({ code: "bad_request" })
  })

  test("refuses to list by a column that is not listed by", async () => {
    const store = await open()
    const untyped = Reflect.apply(store.list, store, ["specs", { title: "a" }])
    expect(await failureOf(untyped)).toMatchObject({ code: "bad_request" })
  })

  test("leaves out fields the schema does not know", async () => {
    const store = await open()
    const spec = { ...toSpec("spec_1"), secret: "for nobody" }
    const event = await store.commit("spec.saved", { rows: { specs: [spec] } })
    expect(event.rows.specs).toEqual([toSpec("spec_1")])
    expect(await store.get("specs", "spec_1")).toEqual(toSpec("spec_1"))
  })

  test("finishes what was begun when it is closed, and refuses what comes after", async () => {
    const store = await open()
    const begun = [1, 2, 3].map((n) => store.commit("spec.saved", saveSpec(`spec_${n}`)))
    const closed = store.close()
    expect(await failureOf(store.commit("spec.saved", saveSpec("spec_4")))).toMatchObject({
      code: "service_unavailable",
    })
    expect((await Promise.all(begun)).map(({ seq }) => seq)).toEqual([1, 2, 3])
    await closed
    await store.close()
    expect(await failureOf(store.get("specs", "spec_1"))).toMatchObject({ code: "service_unavailable" })
  })
})
