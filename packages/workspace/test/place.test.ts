/** Every kind of place passes the same suite. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Snapshot } from "@aura/core"
import { describe, expect, it, onTestFinished } from "vitest"
import type { LocalPlaceOptions } from "../src/local/place.ts"
import { createMemoryDisk } from "../src/memory/memory-place.ts"
import { openPlace } from "../src/open.ts"
import type { Place } from "../src/place.ts"
import { createCustody } from "../src/run/custody.ts"
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

describe("a local folder", () => testPlace(async () => openPlace({ kind: "local", ...(await toLocal()) })))
describe("a folder in memory", () => testPlace(openMemory))

it.each(["worktree", "remote"] as const)("a %s is rejected in a sentence", (kind) => {
  const address = kind === "remote" ? { kind, url: "https://example.test" } : { kind }
  expect(() => openPlace(address)).toThrow("cannot be opened by this version")
})
