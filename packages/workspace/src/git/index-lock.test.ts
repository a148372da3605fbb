import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { clearLock } from "./index-lock.ts"

function lock(ageSecs: number): string {
  const dir = mkdtempSync(join(tmpdir(), "aura-lock-"))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const path = join(dir, "index.lock")
  writeFileSync(path, "")
  const at = Date.now() / 1000 - ageSecs
  utimesSync(path, at, at)
  return path
}

it("a stale lock is removed and reported", async () => {
  const path = lock(3600)
  // Another test's git may be running: then it is waited for.
  const note = await clearLock(path, { wait: () => new Promise((resolve) => setTimeout(resolve, 20)) })
  expect(note).toContain("taken away")
  expect(existsSync(path)).toBe(false)
})

it("a lock in use is waited for", async () => {
  const path = lock(0)
  let waits = 0
  await clearLock(path, {
    wait: async () => {
      waits += 1
      if (waits === 3) rmSync(path)
    },
  })
  expect(waits).toBe(3)
})

it("a lock that is held for too long is kept, with an error that names it", async () => {
  const path = lock(0)
  await expect(clearLock(path, { wait: async () => undefined })).rejects.toThrow(path)
  expect(existsSync(path)).toBe(true)
})
