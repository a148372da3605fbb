/** What keeping a folder costs, and that nothing is lost for it. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { snapshots as rows } from "@aura/domain"
import { createSnapshots, type Moment, openBlobs } from "@aura/workspace"
import { expect, it, onTestFinished } from "vitest"
import { honest } from "./agents.ts"
import { createRandom } from "./random.ts"
import { createWorld } from "./world.ts"

async function open() {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "aura-keeping-")))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const root = join(home, "root")
  const dataDir = join(home, "data")
  mkdirSync(root)
  mkdirSync(dataDir)
  const world = await createWorld(createRandom(1), honest)
  let ahead = 0
  let last = 0
  const aura = {
    ...world.aura,
    // A clock that a test sets forward: what was written before is old by then.
    now: () => Date.now() + ahead,
    newId: () => `snap_${++last}`,
    config: { ...world.aura.config, dataDir },
  }
  const of = (kind: Moment["kind"] = "hand"): Moment => ({
    projectId: world.project.id,
    instanceId: null,
    taskId: null,
    root,
    kind,
    why: "test",
  })
  const create = () =>
    createSnapshots(
      { dataDir, now: aura.now, newId: aura.newId, rows: rows.rowsOf(aura) },
      { holdsGit: false },
    )
  const kept = create()
  return {
    root,
    at: (path: string) => join(root, path),
    dataDir,
    kept,
    create,
    take: async (kind?: Moment["kind"]) => await kept.take(of(kind)),
    list: async () => await rows.list(aura, world.project.id),
    wait: () => {
      ahead += 10_000
    },
  }
}

/** Names and bytes of all files below a folder. */
function measure(dir: string): { files: number; bytes: number } {
  const sizes = readdirSync(dir, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(dir, name)))
    .filter((found) => found.isFile())
    .map((found) => found.size)
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

function fill(root: string, count: number): void {
  mkdirSync(join(root, "many"))
  for (let i = 0; i < count; i++) writeFileSync(join(root, `many/${i}`), `file ${i}\n`)
}

it("many small files share a few files of the store, and come back byte for byte", async () => {
  const { root, at, dataDir, take, kept } = await open()
  fill(root, 500)
  writeFileSync(at("empty"), "")
  const taken = await take()
  expect(measure(join(dataDir, "snapshots/blobs")).files).toBeLessThan(5)
  rmSync(at("many"), { recursive: true })
  rmSync(at("empty"))
  await kept.restore(taken)
  for (let i = 0; i < 500; i++) expect(readFileSync(at(`many/${i}`), "utf8")).toBe(`file ${i}\n`)
  expect(readFileSync(at("empty"), "utf8")).toBe("")
})

it("a snapshot of what has not changed, or changed little, writes little and reads no file again", async () => {
  const { root, at, dataDir, take, kept, wait, create } = await open()
  fill(root, 3000)
  wait()
  const first = await take()
  const before = measure(join(dataDir, "snapshots"))
  const second = await take()
  writeFileSync(at("many/7"), "changed\n")
  const third = await take()
  const after = measure(join(dataDir, "snapshots"))
  expect([first.sameAs, second.sameAs, third.sameAs]).toEqual([undefined, first.id, undefined])
  expect(after.bytes - before.bytes).toBeLessThan(2000)
  // After a restart as well: what differs is found against the stored manifests.
  rmSync(at("many/8"))
  await create().restore(second)
  expect(readFileSync(at("many/7"), "utf8")).toBe("file 7\n")
  expect(readFileSync(at("many/8"), "utf8")).toBe("file 8\n")
  await kept.restore(third)
  expect(readFileSync(at("many/7"), "utf8")).toBe("changed\n")
})

it("a file of the same length and time, changed since, is read again", async () => {
  const { at, take, kept, wait } = await open()
  const time = new Date("2020-01-01T00:00:00Z")
  writeFileSync(at("a"), "one\n")
  utimesSync(at("a"), time, time)
  wait()
  await take()
  writeFileSync(at("a"), "two\n")
  utimesSync(at("a"), time, time)
  const second = await take()
  writeFileSync(at("a"), "six\n")
  await kept.restore(second)
  expect(readFileSync(at("a"), "utf8")).toBe("two\n")
})

it.skipIf(process.platform === "win32")(
  "set-user-id, set-group-id and sticky bits are neither kept nor given back",
  async () => {
    const { at, take, kept } = await open()
    mkdirSync(at("folder"))
    writeFileSync(at("folder/tool"), "x\n")
    chmodSync(at("folder/tool"), 0o6755)
    chmodSync(at("folder"), 0o1777)
    const taken = await take()
    rmSync(at("folder"), { recursive: true })
    await kept.restore(taken)
    expect(statSync(at("folder/tool")).mode & 0o7777).toBe(0o755)
    expect(statSync(at("folder")).mode & 0o7777).toBe(0o777)
  },
)

it("many commands that change nothing drive no other state out", async () => {
  const { at, take, list, wait, kept } = await open()
  for (let i = 0; i < 5; i++) {
    writeFileSync(at("a"), `${i}\n`)
    await take("command")
  }
  wait()
  for (let i = 0; i < 70; i++) await take("command")
  const left = await list()
  expect(left.length).toBeLessThan(70)
  const [, second] = left
  if (second) await kept.restore(second)
  expect(readFileSync(at("a"), "utf8")).toBe("1\n")
})

it("what only removed snapshots held goes, from packs too, and what others hold stays", async () => {
  const { home, root } = { home: mkdtempSync(join(tmpdir(), "aura-packs-")), root: "root" }
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const folder = realpathSync(home)
  mkdirSync(join(folder, root))
  fill(join(folder, root), 100)
  const blobs = await openBlobs(join(folder, "blobs"))
  const files = Array.from({ length: 100 }, (_, i) => ({ path: `many/${i}`, bytes: 10 }))
  const taken = await blobs.takeAll(join(folder, root), files)
  const kept = taken.slice(0, 10).flatMap((one) => ("sha256" in one ? one.sha256 : []))
  const packs = () => readdirSync(join(folder, "blobs/packs"))
  const [whole = ""] = packs()
  await blobs.keepOnly(new Set(kept))
  expect(packs()).not.toContain(whole)
  const again = await openBlobs(join(folder, "blobs"))
  expect((await again.read(kept[3] ?? "")).toString()).toBe("file 3\n")
  const gone = taken.slice(50).flatMap((one) => ("sha256" in one ? one.sha256 : []))
  await expect(again.read(gone[0] ?? "")).rejects.toThrow()
  await again.keepOnly(new Set())
  expect(packs()).toEqual([])
})

it("a pack that a power cut left short counts for nothing, and its files are taken in anew", async () => {
  const { root, dataDir, take } = await open()
  fill(root, 100)
  await take()
  const packs = join(dataDir, "snapshots/blobs/packs")
  const [name = ""] = readdirSync(packs)
  truncateSync(join(packs, name), 200)
  const blobs = await openBlobs(join(dataDir, "snapshots/blobs"))
  const [one] = await blobs.takeAll(
    root,
    Array.from({ length: 20 }, (_, i) => ({ path: `many/${i}`, bytes: 7 })),
  )
  expect(one && "sha256" in one && (await blobs.read(one.sha256)).toString()).toBe("file 0\n")
})
