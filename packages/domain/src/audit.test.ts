import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { openAuditLog, readNewest, verifyAuditLog } from "./audit.ts"

const key = new Uint8Array(32).fill(7)

async function openIn(dir: string, maxBytes?: number) {
  const problems: unknown[] = []
  const options = { key, now: () => 0, onProblem: (thrown: unknown) => problems.push(thrown) }
  const log = await openAuditLog(dir, maxBytes === undefined ? options : { ...options, maxBytes })
  return { log, problems }
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "aura-audit-"))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function filled(lines: number, maxBytes?: number) {
  const dir = folder()
  const { log } = await openIn(dir, maxBytes)
  for (let i = 0; i < lines; i++) log.note([{ kind: "tool", facts: { name: `n${i}`, text: 'ä\n"x' } }])
  await log.settled()
  return { dir, log, names: readdirSync(dir).filter((name) => name.endsWith(".jsonl")) }
}

describe("the audit log", () => {
  it("numbers and seals its lines, for the owner's eyes only, and goes on after a restart", async () => {
    const { dir } = await filled(3)
    const { log } = await openIn(dir)
    log.note([
      { kind: "commit", projectId: "p", facts: { commit: "abc" } },
      { kind: "settings", facts: {} },
    ])
    const lines = await log.read({ limit: 10 })
    expect(lines.map((line) => line.n)).toEqual([5, 4, 3, 2, 1])
    expect(lines[1]).toMatchObject({ kind: "commit", projectId: "p", facts: { commit: "abc" } })
    expect(await verifyAuditLog(dir, key)).toEqual({ lines: 5, problem: null })
    expect(statSync(join(dir, "audit-000001.jsonl")).mode & 0o777).toBe(0o600)
  })

  it("is followed by another file when it is full, and read and verified across them", async () => {
    const { dir, log, names } = await filled(400, 2000)
    expect(names.length).toBeGreaterThan(10)
    expect(await verifyAuditLog(dir, key)).toEqual({ lines: 400, problem: null })
    const seen: number[] = []
    for (let before: number | undefined; ; before = seen.at(-1)) {
      const page = await log.read({ before, limit: 37 })
      if (page.length === 0) break
      seen.push(...page.map((line) => line.n))
    }
    expect(seen).toEqual(Array.from({ length: 400 }, (_, i) => 400 - i))
  })

  it("reads backwards over lines longer than one read", async () => {
    const dir = folder()
    const { log } = await openIn(dir)
    for (let i = 0; i < 5; i++) log.note([{ kind: "tool", facts: { text: "y".repeat(100_000) } }])
    await log.settled()
    expect((await readNewest(dir, { limit: 10 })).map((line) => line.n)).toEqual([5, 4, 3, 2, 1])
  })

  it("misses lines that were cut off at its end, and says so in the log from then on", async () => {
    const { dir } = await filled(12)
    const path = join(dir, "audit-000001.jsonl")
    const lines = readFileSync(path, "utf8").split("\n")
    writeFileSync(path, `${lines.slice(0, 9).join("\n")}\n`)
    expect((await verifyAuditLog(dir, key)).problem).toContain("3 lines that were written are gone")
    const { log } = await openIn(dir)
    expect((await log.read({ limit: 1 }))[0]).toMatchObject({ n: 10, kind: "audit", facts: { linesGone: 3 } })
  })

  it("tells every change, removal, insertion and swap of lines, and another key", async () => {
    const { dir } = await filled(12)
    const path = join(dir, "audit-000001.jsonl")
    const good = readFileSync(path, "utf8")
    const lines = good.split("\n").slice(0, -1)
    const damaged = [
      good.replace('"n5"', '"n6"'),
      good.replace('"at":"1970', '"at":"1971'),
      lines.toSpliced(4, 1).join("\n"),
      lines.toSpliced(0, 1).join("\n"),
      lines.toSpliced(4, 0, lines[3] ?? "").join("\n"),
      lines.toSpliced(4, 2, lines[5] ?? "", lines[4] ?? "").join("\n"),
      `${good}{"n":13}`,
    ]
    for (const text of damaged) {
      writeFileSync(path, text.endsWith("\n") ? text : `${text}\n`)
      expect((await verifyAuditLog(dir, key)).problem).not.toBeNull()
    }
    writeFileSync(path, good)
    expect((await verifyAuditLog(dir, key)).problem).toBeNull()
    expect((await verifyAuditLog(dir, new Uint8Array(32))).problem).not.toBeNull()
  })

  it("drops a line a crash cut off, and goes on behind the last whole one", async () => {
    const { dir } = await filled(3)
    appendFileSync(join(dir, "audit-000001.jsonl"), '{"n":4,"at":"19')
    const { log } = await openIn(dir)
    log.note([{ kind: "tool", facts: {} }])
    await log.settled()
    expect(await verifyAuditLog(dir, key)).toEqual({ lines: 4, problem: null })
  })

  it("tells of what it could not write and stays usable", async () => {
    const dir = folder()
    const { log, problems } = await openIn(dir)
    rmSync(dir, { recursive: true })
    log.note([{ kind: "tool", facts: {} }])
    await log.settled()
    expect(problems).toHaveLength(1)
  })
})
