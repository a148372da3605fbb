/** Nothing that was saved is ever silently missing or different. */
import { cp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { AuraError } from "@aura/core"
import { beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { dump, failureOf, makeFolder, noon, saveSpec, textOf, toEntry } from "../test/samples.ts"
import { emptyHead, toRecord } from "./chain.ts"
import { createStore } from "./commit.ts"
import { inspect } from "./damage.ts"
import { eventKey, headKey, rowKey } from "./keys.ts"
import { createMemoryPages } from "./memory.ts"
import type { Pages } from "./pages.ts"
import { openStore } from "./rocks.ts"
import { openRocksPages } from "./rocks-pages.ts"
import { createVersions } from "./versions.ts"

const now = () => noon
const versions = createVersions({})
const flips = Math.max(64, Number(process.env.AURA_TORTURE ?? 0))

describe("the check of the chain", () => {
  async function fill(count: number): Promise<Pages> {
    const pages = createMemoryPages()
    const store = createStore(pages, { now, head: emptyHead, versions })
    for (let n = 1; n <= count; n++) await store.commit("spec.saved", saveSpec(`spec_${n}`))
    return pages
  }

  test("finds nothing wrong with what the store wrote", async () => {
    const { head, flaw, lostRows } = await inspect(await fill(5))
    expect({ seq: head.seq, flaw, lostRows }).toEqual({ seq: 5, flaw: undefined, lostRows: [] })
  })

  const wounds: [string, (pages: Pages) => Promise<void>, number][] = [
    ["a missing event", (pages) => pages.write([{ key: eventKey(3), value: undefined }]), 3],
    ["an event that is no JSON", (pages) => pages.write([{ key: eventKey(2), value: "{" }]), 2],
    ["a missing end", (pages) => pages.write([{ key: eventKey(5), value: undefined }]), 5],
    ["a head that nobody can read", (pages) => pages.write([{ key: headKey, value: "?" }]), 1],
    ["a missing head", (pages) => pages.write([{ key: headKey, value: undefined }]), 1],
    [
      "an event whose text was changed",
      async (pages) => {
        const [text] = await pages.read([eventKey(3)])
        await pages.write([{ key: eventKey(3), value: textOf(text).replace("text", "fake") }])
      },
      4,
    ],
    [
      "an event that was forged from the start",
      async (pages) => {
        const [text] = await pages.read([eventKey(5)])
        const { event } = JSON.parse(textOf(text))
        await pages.write([{ key: eventKey(5), value: toRecord(emptyHead, 5, JSON.stringify(event)).text }])
      },
      5,
    ],
  ]

  test.each(wounds)("finds %s", async (_, wound, firstBadSeq) => {
    const pages = await fill(5)
    await wound(pages)
    const { head, flaw } = await inspect(pages)
    expect(flaw?.seq).toBe(firstBadSeq)
    expect(head.seq).toBe(firstBadSeq - 1)
  })

  test("misses events the witness has seen", async () => {
    const longer = await inspect(await fill(7))
    const { flaw } = await inspect(await fill(5), { witness: longer.head })
    expect(flaw).toEqual({ seq: 6, reason: "the events 6 to 7 are missing" })
  })

  test("walks only the newest events of a long chain, from where an earlier walk ended if one did", async () => {
    const pages = await fill(20)
    const eighteen = (await inspect(await fill(18))).head
    await pages.write([{ key: eventKey(12), value: "{" }])
    expect((await inspect(pages)).flaw?.seq).toBe(12)
    expect((await inspect(pages, { reach: 10 })).flaw?.seq).toBe(12)
    expect((await inspect(pages, { reach: 10, walked: [eighteen] })).flaw).toBeUndefined()
    expect((await inspect(pages, { reach: 5 })).flaw).toBeUndefined()
    expect((await inspect(pages, { reach: 8 })).flaw?.seq).toBe(13)
  })
})

describe("a damaged store", () => {
  let origin: string
  let before: string

  /** Two sessions: the first one's rows lie in table files by now, the second one's only in the log. */
  beforeAll(async () => {
    let clean = async () => {}
    origin = join(await makeFolder((remove) => (clean = remove)), "store")
    for (const session of [1, 2]) {
      const store = await openStore(origin, { now })
      const commits = Array.from({ length: 150 }, (_, n) => {
        const entry = toEntry(`ent_${session}_${n}`, { output: `${n} `.repeat(300) })
        return store.commit("entry.added", { projectId: "prj_1", rows: { entries: [entry] } })
      })
      await Promise.all(commits)
      if (session === 2) before = await dump(store)
      await store.close()
    }
    return clean
  })

  async function copyStore(): Promise<string> {
    const dir = join(await makeFolder(onTestFinished), "store")
    await cp(origin, dir, { recursive: true })
    return dir
  }

  async function findFile(dir: string, pattern: RegExp): Promise<string> {
    const names = (await readdir(join(dir, "db"))).filter((name) => pattern.test(name))
    const sized = await Promise.all(
      names.map(async (name) => ({ name, size: (await stat(join(dir, "db", name))).size })),
    )
    return join(dir, "db", sized.toSorted((a, b) => b.size - a.size)[0]?.name ?? "none")
  }

  /** Opens it and says what a user would notice. */
  async function judge(
    dir: string,
  ): Promise<"refused" | "damage" | "unreadable" | "harmless" | "SILENTLY DIFFERENT"> {
    const opened = await openStore(dir, { now }).catch((error) => error)
    if (opened instanceof AuraError) return "refused"
    if (opened instanceof Error) throw opened
    const after = await dump(opened).catch((error) => error)
    const damaged = opened.damage !== undefined
    await opened.close()
    if (damaged) return "damage"
    if (after instanceof AuraError) return "unreadable"
    return after === before ? "harmless" : "SILENTLY DIFFERENT"
  }

  test(`is found out in ${flips} places where bits were flipped`, {
    timeout: 60_000 + flips * 500,
  }, async () => {
    const places: [file: RegExp, share: number][] = [
      [/\.log$/, 22],
      [/\.sst$/, 22],
      [/^MANIFEST/, 12],
      [/^CURRENT$/, 4],
      [/^OPTIONS/, 2],
      [/^IDENTITY$/, 2],
    ]
    const verdicts: Record<string, number> = {}
    for (const [file, share] of places) {
      const count = Math.round((share * flips) / 64)
      for (let n = 0; n < count; n++) {
        const dir = join(await makeFolder(onTestFinished), "store")
        await cp(origin, dir, { recursive: true })
        const path = await findFile(dir, file)
        const bytes = await readFile(path)
        const at = Math.floor(((n + 0.5) * bytes.length) / count)
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (n % 8))
        await writeFile(path, bytes)
        const verdict = `${file.source} ${await judge(dir)}`
        verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
        await rm(dir, { recursive: true })
      }
    }
    if (process.env.AURA_TORTURE) console.log(verdicts)
    expect(Object.keys(verdicts).filter((verdict) => verdict.includes("SILENTLY"))).toEqual([])
    expect(verdicts["\\.log$ harmless"]).toBeUndefined()
  })

  test("serves what can be read when the log is bad, says from where on, and saves nothing", async () => {
    const dir = await copyStore()
    const log = await findFile(dir, /\.log$/)
    const bytes = await readFile(log)
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 4)
    await writeFile(log, bytes)
    const told: unknown[] = []
    const store = await openStore(dir, { now, onDamage: (damage) => told.push(damage) })
    const { damage } = store
    expect(told).toEqual([damage])
    expect(damage?.firstBadSeq).toBeGreaterThan(150)
    expect(damage?.reason).toMatch(/^the events \d+ to 300 are missing$/)
    expect(store.head).toBe((damage?.firstBadSeq ?? 0) - 1)
    expect(await store.eventsAfter(0)).toHaveLength(store.head)
    expect(await store.list("entries", { sessionId: "ses_1" })).toHaveLength(store.head)
    const refusal = await failureOf(store.commit("spec.saved", saveSpec("spec_1")))
    expect(refusal).toMatchObject({
      code: "service_unavailable",
      details: { firstBadSeq: damage?.firstBadSeq },
    })
    await store.close()
    expect(await readFile(log)).toEqual(bytes)
  })

  test("misses the end of a log that was cut off between two records", async () => {
    const dir = await copyStore()
    const log = await findFile(dir, /\.log$/)
    await truncate(log, (await stat(log)).size >> 1)
    const store = await openStore(dir, { now })
    expect(store.damage?.reason).toMatch(/are missing$/)
    await store.close()
  })

  test("is found out in what a start does not read, soon after it, and saves nothing from then on", async () => {
    const dir = join(await makeFolder(onTestFinished), "store")
    const first = await openStore(dir, { now })
    await Promise.all(Array.from({ length: 2500 }, () => first.commit("settings.saved", { rows: {} })))
    await first.close()
    const pages = await openRocksPages(join(dir, "db"), { readOnly: false })
    await pages.write([{ key: eventKey(12), value: "{" }])
    await pages.close()
    const found = Promise.withResolvers<unknown>()
    const store = await openStore(dir, { now, onDamage: found.resolve })
    expect(store.damage).toBeUndefined()
    expect(await found.promise).toMatchObject({ firstBadSeq: 12 })
    expect(store.damage?.firstBadSeq).toBe(12)
    expect(await failureOf(store.commit("spec.saved", saveSpec("spec_1")))).toMatchObject({
      code: "service_unavailable",
      details: { firstBadSeq: 12 },
    })
    expect(await store.eventsAfter(2499)).toHaveLength(1)
    await store.close()
  })

  test("is refused at once when the types of the manifest's records are damaged", async () => {
    const dir = await copyStore()
    const manifest = await findFile(dir, /^MANIFEST/)
    const good = await readFile(manifest)
    let at = 0
    for (; at + 7 <= good.length; at += 7 + good.readUInt16LE(at + 4)) {
      const bad = Buffer.from(good)
      bad[at + 6] = (good[at + 6] ?? 0) ^ 4
      await writeFile(manifest, bad)
      expect(await failureOf(openStore(dir, { now }))).toMatchObject({ code: "service_unavailable" })
    }
    expect(at).toBe(good.length)
  })

  test.each(["CURRENT", "the whole database"])("is refused, not made anew, when %s is gone", async (what) => {
    const dir = await copyStore()
    await rm(join(dir, "db", what === "CURRENT" ? what : ""), { recursive: true })
    const files = await readdir(join(dir, "db")).catch(() => "gone")
    expect(await failureOf(openStore(dir, { now }))).toMatchObject({ code: "service_unavailable" })
    expect(await readdir(join(dir, "db")).catch(() => "gone")).toEqual(files)
  })

  test("shows the rows on both sides of a bad block and names where they are missing", async () => {
    const dir = await copyStore()
    const table = await findFile(dir, /\.sst$/)
    const bytes = await readFile(table)
    const at = bytes.indexOf(rowKey("entries", "ent_1_50").slice(-6), bytes.length >> 1)
    bytes.fill(0xff, at, at + 4)
    await writeFile(table, bytes)
    const store = await openStore(dir, { now })
    expect(store.damage).toMatchObject({ firstBadSeq: null, rows: [{ table: "entries" }] })
    expect(store.damage?.reason).toMatch(/^rows of entries cannot be read: .*checksum/)
    const ids = (await store.list("entries")).map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(270)
    expect(ids.length).toBeLessThan(300)
    expect([ids[0], ids.at(-1)]).toEqual(["ent_1_0", "ent_2_99"])
    expect(ids).toEqual(ids.toSorted())
    expect((await store.list("entries", { sessionId: "ses_1" })).length).toBeGreaterThanOrEqual(ids.length)
    await store.close()
  })

  test("throws for a row that is no longer one, and leaves it out of lists only while damaged", async () => {
    const dir = await copyStore()
    const pages = await openRocksPages(join(dir, "db"), { readOnly: false })
    await pages.write([{ key: rowKey("entries", "ent_1_7"), value: `{"id":"ent_1_7"}` }])
    await pages.close()
    const store = await openStore(dir, { now })
    const failure = { code: "internal_error", details: { table: "entries", id: "ent_1_7" } }
    expect(await failureOf(store.get("entries", "ent_1_7"))).toMatchObject(failure)
    expect(await failureOf(store.list("entries"))).toMatchObject(failure)
    expect(await failureOf(store.list("entries", { sessionId: "ses_1" }))).toMatchObject(failure)
    await store.close()

    await writeFile(join(dir, "head"), JSON.stringify({ seq: 301, hash: "of an event that is lost" }))
    const damaged = await openStore(dir, { now })
    expect(await failureOf(damaged.get("entries", "ent_1_7"))).toMatchObject(failure)
    const rows = await damaged.list("entries")
    expect(rows.map(({ id }) => id)).not.toContain("ent_1_7")
    expect(damaged.damage?.rows).toMatchObject([{ table: "entries", id: "ent_1_7" }])
    await damaged.close()
  })
})
