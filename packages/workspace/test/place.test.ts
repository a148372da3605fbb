/** Every kind of place passes the same suite. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Snapshot } from "@aura/core"
import { describe, expect, it, onTestFinished } from "vitest"
import { createCustody } from "../src/custody/custody.ts"
import type { LocalPlaceOptions } from "../src/local/place.ts"
import { createMemoryDisk } from "../src/memory/memory-place.ts"
import { openPlace } from "../src/open.ts"
import type { Place } from "../src/place.ts"
import { findSandbox } from "../src/sandbox/sandbox.ts"
import { createSnapshots, type SnapshotRows } from "../src/snapshots/snapshots.ts"
import { testPlace } from "./place.ts"

function makeFolder(name: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `aura-${name}-`)))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function createRows(): { rows: SnapshotRows; newId: () => string } {
  const kept: Snapshot[] = []
  let last = 0
  const rows: SnapshotRows = {
    list: async () => kept,
    async record(taken) {
      const snapshot = { ...taken, at: new Date(0).toISOString() }
      kept.push(snapshot)
      return snapshot
    },
    remove: async () => undefined,
    restored: async () => undefined,
  }
  return { rows, newId: () => `snapshot_${++last}` }
}

async function toLocal(): Promise<LocalPlaceOptions> {
  const [path, dataDir] = [makeFolder("place"), makeFolder("place-data")]
  const sandbox = await findSandbox(false)
  const custody = createCustody({ sandbox, dataDir })
  onTestFinished(() => custody.close())
  const snapshots = createSnapshots({ dataDir, now: Date.now, ...createRows() }, { holdsGit: false })
  return { path, machine: { dataDir, custody, sandbox, snapshots } }
}

async function openMemory(): Promise<Place> {
  let now = 0
  const sleep = async (ms: number) => {
    now += ms
  }
  return openPlace({ kind: "memory", disk: createMemoryDisk(), now: () => now, sleep, ...createRows() })
}

async function openProcess(): Promise<{ place: Place; kill(): void }> {
  const [path, dataDir] = [makeFolder("place"), makeFolder("place-data")]
  const end = new AbortController()
  onTestFinished(() => end.abort())
  let last = 0
  const place = openPlace({
    kind: "process",
    path,
    dataDir,
    sandbox: await findSandbox(false),
    rows: createRows().rows,
    signal: end.signal,
    onStart: (pid) => {
      last = pid
    },
  })
  return { place, kill: () => process.kill(last, "SIGKILL") }
}

describe("a local folder", () => testPlace(async () => openPlace({ kind: "local", ...(await toLocal()) })))
describe("a folder in memory", () => testPlace(openMemory))
describe("a folder behind a process", () => testPlace(async () => (await openProcess()).place))

describe("a process of a place that dies", () => {
  const signal = new AbortController().signal
  const options = { timeoutMs: 60_000, signal }

  it("is restarted for the next call, and pending reads are retried", async () => {
    const { place, kill } = await openProcess()
    const { workspace, git } = await place.prepare()
    await workspace.write("a.txt", "one")
    const tree = await git.snapshot()
    kill()
    expect(await workspace.read("a.txt")).toBe("one")
    const looking = git.snapshot()
    kill()
    expect(await looking).toBe(tree)
  })

  it("fails its running command with a clear error, and ends the command's processes", async () => {
    const { place, kill } = await openProcess()
    const { workspace } = await place.prepare()
    const onOutput = () => kill()
    const ended = workspace.run("echo begun; sleep 1; echo late > late.txt", { ...options, onOutput })
    await expect(ended).rejects.toMatchObject({
      code: "service_unavailable",
      message: expect.stringContaining("ended before it answered"),
    })
    expect((await workspace.run("sleep 1.5; test -e late.txt", options)).exitCode).toBe(1)
  })

  it("never writes half a file, and does not repeat the write", async () => {
    const { place, kill } = await openProcess()
    const { workspace } = place
    await workspace.write("a.txt", "one")
    let asked = 0
    const write = workspace.write("a.txt", "two", () => {
      asked += 1
      kill()
    })
    await expect(write).rejects.toMatchObject({ code: "service_unavailable" })
    expect(asked).toBe(1)
    expect(await workspace.read("a.txt")).toBe("one")
    await workspace.write("a.txt", "three")
    expect(await workspace.read("a.txt")).toBe("three")
  })

  it("loses a checkout, which reports it until it is reset", async () => {
    const { place, kill } = await openProcess()
    const { workspace, git, checkout } = await place.prepare()
    await workspace.write("a.txt", "one")
    const tree = await git.snapshot()
    await checkout.reset(tree)
    kill()
    await workspace.exists("a.txt")
    await expect(checkout.run("true", options)).rejects.toThrow("Run the check again")
    await checkout.reset(tree)
    expect((await checkout.run("grep -q one a.txt", options)).exitCode).toBe(0)
  })
})

it.each(["worktree", "remote"] as const)("a %s is rejected in a sentence", (kind) => {
  const address = kind === "remote" ? { kind, url: "https://example.test" } : { kind }
  expect(() => openPlace(address)).toThrow("cannot be opened by this version")
})
