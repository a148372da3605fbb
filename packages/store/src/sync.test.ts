/** No commit is acknowledged before the disk has it. */
import { existsSync } from "node:fs"
import { mkdir, readFile, rm, rmdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { programPath, runProgram } from "../test/child.ts"
import { failureOf, makeFolder, noon, saveSpec } from "../test/samples.ts"
import { readTrace } from "../test/trace.ts"
import { emptyHead } from "./chain.ts"
import { createStore } from "./commit.ts"
import { createMemoryPages } from "./memory.ts"
import { createVersions } from "./versions.ts"
import { createWal, shareRuns } from "./wal.ts"

/** A step that waits until the test lets it go. */
function makeGate() {
  const waiting: PromiseWithResolvers<void>[] = []
  return {
    count: () => waiting.length,
    pass: () => {
      const gate = Promise.withResolvers<void>()
      waiting.push(gate)
      return gate.promise
    },
    open: (n: number) => waiting[n]?.resolve(),
    fail: (n: number) => waiting[n]?.reject(new Error("the disk is gone")),
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test("calls that come during a run share the next one", async () => {
  const gate = makeGate()
  const run = shareRuns(gate.pass)
  const first = run()
  const others = [run(), run(), run()]
  expect(gate.count()).toBe(1)
  gate.open(0)
  await first
  await turn()
  expect(gate.count()).toBe(2)
  gate.open(1)
  await Promise.all(others)
  expect(gate.count()).toBe(2)
})

test("a failed run is the failure of those who waited for it, not of the next", async () => {
  const gate = makeGate()
  const run = shareRuns(gate.pass)
  const [first, second] = [run(), run()]
  gate.fail(0)
  expect(await failureOf(first)).toEqual(new Error("the disk is gone"))
  gate.open(1)
  await second
})

/** A store in memory whose syncs wait for the test. */
function openWaiting() {
  const gate = makeGate()
  const order: string[] = []
  const pages = createMemoryPages()
  const write: typeof pages.write = (batch) => pages.write(batch).then(() => void order.push("written"))
  const store = createStore(
    { ...pages, write, sync: gate.pass },
    { now: () => noon, head: emptyHead, versions: createVersions({}) },
  )
  store.subscribe(({ seq }) => order.push(`told ${seq}`))
  const commit = async (n: number) => {
    await store.commit("spec.saved", saveSpec(`spec_${n}`))
    order.push(`acknowledged ${n}`)
  }
  return { gate, order, store, commit }
}

test("a commit is acknowledged, told and counted only after a sync that began after its write", async () => {
  const { gate, order, store, commit } = openWaiting()
  const first = commit(1)
  await turn()
  const second = commit(2)
  await turn()
  expect(order).toEqual(["written", "written"])
  expect([store.head, await store.eventsAfter(0)]).toEqual([0, []])
  gate.open(0)
  await first
  expect(order.slice(2)).toEqual(["told 1", "acknowledged 1"])
  expect([store.head, (await store.eventsAfter(0)).length]).toEqual([1, 1])
  gate.open(1)
  await second
  expect(order.slice(4)).toEqual(["told 2", "acknowledged 2"])
  expect(store.head).toBe(2)
})

test("an earlier commit is told first even when the later one is safe before it", async () => {
  const { gate, order, commit } = openWaiting()
  const first = commit(1)
  await turn()
  const second = commit(2)
  await turn()
  gate.open(1)
  await turn()
  expect(order).toEqual(["written", "written"])
  gate.open(0)
  await Promise.all([first, second])
  expect(order.slice(2)).toEqual(["told 1", "acknowledged 1", "told 2", "acknowledged 2"])
})

test("saves nothing more once the disk did not confirm a sync", async () => {
  const { gate, store, commit } = openWaiting()
  const first = commit(1)
  await turn()
  const second = commit(2)
  await turn()
  gate.open(1)
  gate.fail(0)
  for (const attempt of [first, second, commit(3)]) {
    expect(await failureOf(attempt)).toMatchObject({
      code: "service_unavailable",
      details: { reason: "disk_error" },
    })
  }
  expect(store.head).toBe(0)
})

test("syncs every log file a batch may lie in once the engine has changed to a new one", async () => {
  const dir = await makeFolder(onTestFinished)
  let current = 4
  const wal = createWal(dir, async () => ({ number: current, path: `/00000${current}.log` }))
  for (const name of ["000004.log", "000006.log", "000007.log"]) await writeFile(join(dir, name), "")
  await wal.sync()
  await mkdir(join(dir, "000005.log"))
  current = 6
  expect(await failureOf(wal.sync())).toMatchObject({ code: "EISDIR" })
  await rmdir(join(dir, "000005.log"))
  await wal.sync()
  await rm(join(dir, "000006.log"))
  current = 7
  await wal.sync()
  await wal.close()
})

const strace = ["/usr/bin/strace", "/bin/strace"].find((path) => existsSync(path))

test("the system's own record shows a sync of each written log before each acknowledgement", async (context) => {
  if (!strace) {
    console.warn("SKIPPED the proof by strace: there is no strace on this machine")
    return context.skip()
  }
  const dir = await makeFolder(onTestFinished)
  const trace = join(dir, "trace")
  await mkdir(join(dir, "store"))
  const calls = "trace=write,pwrite64,writev,pwritev,fdatasync,unlink,unlinkat"
  const writer = [process.execPath, programPath("writer.ts"), join(dir, "store"), "1", "400000", "120"]
  const child = runProgram(strace, ["-f", "-y", "-s", "40", "-e", calls, "-o", trace, ...writer])
  expect(await child.ended).toMatchObject({ code: 0 })
  expect(child.lines).toHaveLength(120)
  const { acks, unsynced, logs, syncs } = readTrace(await readFile(trace, "utf8"))
  expect(acks).toBe(120)
  expect(unsynced).toEqual([])
  expect(logs).toBeGreaterThan(2)
  expect(syncs).toBeGreaterThanOrEqual(acks)
})
