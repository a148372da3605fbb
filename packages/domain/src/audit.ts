/** The audit log: who did what, in files of its own that are only ever added to; each line seals the one before it. */
import { createHmac } from "node:crypto"
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises"
import { join } from "node:path"
import { type AuditFacts, AuditLine } from "@aura/core"
import { z } from "zod"

export type AuditLog = {
  /** Adds lines after all earlier ones. Never throws: what goes wrong is told to `onProblem`. */
  note(facts: readonly AuditFacts[]): void
  /** Newest first: at most `limit` lines older than number `before`. */
  read(options: { before?: number | undefined; limit: number }): Promise<AuditLine[]>
  /** Waits until all that was noted is in the file. */
  settled(): Promise<void>
}

export type Verdict = { lines: number; problem: string | null }

export type AuditOptions = {
  /** Seals the lines; the install's own, so that another program cannot forge one. */
  key: Uint8Array
  now: () => number
  onProblem(thrown: unknown): void
  /** A file that has grown past this is followed by the next. */
  maxBytes?: number
}

const start = "0".repeat(64)
/** How far the log goes, so that lines cut off at its end are missed. */
const endName = "end.json"
const End = z.object({ n: z.int(), hash: z.string() })
const fileForm = /^audit-\d{6}\.jsonl$/

export async function openAuditLog(dir: string, options: AuditOptions): Promise<AuditLog> {
  const { key, now, onProblem, maxBytes = 50 * 1024 * 1024 } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  let number = Math.max(1, (await listFiles(dir)).length)
  let file = join(dir, toName(number))
  await cutTornLine(file)
  let bytes = await sizeOf(file)
  const newest = (await readNewest(dir, { limit: 1 }))[0]
  let n = newest?.n ?? 0
  let hash = newest?.hash ?? start
  let queue: Promise<void> = Promise.resolve()
  const missing = ((await readEnd(dir))?.n ?? 0) - n

  async function add(all: readonly AuditFacts[], at: string): Promise<void> {
    const text = all.map((facts) => toText(facts, at)).join("")
    if (bytes > maxBytes) {
      number++
      file = join(dir, toName(number))
      bytes = 0
    }
    await appendFile(file, text, { mode: 0o600 })
    bytes += Buffer.byteLength(text)
    // Behind the lines it names: after a crash in between there is more in the log than here, never less.
    const draft = join(dir, `${endName}.draft`)
    await writeFile(draft, JSON.stringify({ n, hash }), { mode: 0o600 })
    await rename(draft, join(dir, endName))
  }

  function toText(facts: AuditFacts, at: string): string {
    const body = JSON.stringify({ n: ++n, at, ...facts })
    hash = seal(key, hash, body)
    return `${body.slice(0, -1)},"hash":"${hash}"}\n`
  }

  function note(facts: readonly AuditFacts[]): void {
    if (facts.length === 0) return
    const at = new Date(now()).toISOString()
    queue = queue.then(() => add(facts, at)).catch(onProblem)
  }

  // What was cut off is missed for good, and not only until the next line.
  if (missing > 0) note([{ kind: "audit", facts: { linesGone: missing } }])
  return {
    note,
    read: async (wanted) => {
      await queue
      return await readNewest(dir, wanted)
    },
    settled: () => queue,
  }
}

/** Follows the chain from its first line; says where it breaks. */
export async function verifyAuditLog(dir: string, key: Uint8Array): Promise<Verdict> {
  let n = 0
  let hash = start
  const end = await readEnd(dir)
  for (const name of await listFiles(dir)) {
    const text = await readFile(join(dir, name), "utf8")
    for (const line of text.split("\n").slice(0, -1)) {
      const parts = /^(.*),"hash":"([0-9a-f]{64})"\}$/.exec(line)
      const body = `${parts?.[1] ?? ""}}`
      const place = `${name}, line ${n + 1} of the log`
      if (!parts || seal(key, hash, body) !== parts[2])
        return { lines: n, problem: `${place} is not as it was written, or what stood before it is gone.` }
      n++
      hash = parts[2] ?? hash
      if (end?.n === n && end.hash !== hash)
        return { lines: n, problem: `${place} is not the one that the log ended with.` }
    }
    if (!text.endsWith("\n") && text !== "")
      return { lines: n, problem: `${name} ends in the middle of a line.` }
  }
  if (end && n < end.n)
    return { lines: n, problem: `The log ends at line ${n}; ${end.n - n} lines that were written are gone.` }
  return { lines: n, problem: null }
}

async function readEnd(dir: string): Promise<z.infer<typeof End> | undefined> {
  return End.safeParse(toJson(await readFile(join(dir, endName), "utf8").catch(() => ""))).data
}

/** Newest first, reading only as much of the files as is needed. */
export async function readNewest(
  dir: string,
  { before = Number.POSITIVE_INFINITY, limit }: { before?: number | undefined; limit: number },
): Promise<AuditLine[]> {
  const found: AuditLine[] = []
  for (const name of (await listFiles(dir)).toReversed()) {
    for await (const text of linesBackwards(join(dir, name))) {
      const line = AuditLine.safeParse(toJson(text)).data
      if (line && line.n < before) found.push(line)
      if (found.length >= limit) return found
    }
  }
  return found
}

const chunkBytes = 64 * 1024

async function* linesBackwards(path: string): AsyncGenerator<string> {
  const file = await open(path, "r")
  try {
    let end = (await file.stat()).size
    let rest = Buffer.alloc(0)
    while (end > 0) {
      const size = Math.min(chunkBytes, end)
      const chunk = Buffer.alloc(size)
      await file.read(chunk, 0, size, end - size)
      end -= size
      const all = Buffer.concat([chunk, rest])
      const first = end === 0 ? 0 : all.indexOf(10) + 1
      if (end > 0 && first === 0) rest = all
      else {
        rest = all.subarray(0, first)
        yield* all.subarray(first).toString("utf8").split("\n").filter(Boolean).toReversed()
      }
    }
  } finally {
    await file.close()
  }
}

/** A crash may have cut the last line off; it was told to nobody, and nothing may be added behind it. */
async function cutTornLine(path: string): Promise<void> {
  const text = await readFile(path).catch(() => Buffer.alloc(0))
  if (text.length > 0 && text.at(-1) !== 10) await truncate(path, text.lastIndexOf(10) + 1)
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    (found) => found.size,
    () => 0,
  )
}

async function listFiles(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => [])
  return names.filter((name) => fileForm.test(name)).toSorted()
}

function toName(number: number): string {
  return `audit-${String(number).padStart(6, "0")}.jsonl`
}

function seal(key: Uint8Array, before: string, body: string): string {
  return createHmac("sha256", key).update(before).update(body).digest("hex")
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
