/** What was acknowledged survives a kill at any moment, and nothing is ever half there. */
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { programPath, runProgram } from "../test/child.ts"
import { makeFolder, noon } from "../test/samples.ts"
import { openStore } from "./rocks.ts"

const kills = Number(process.env.AURA_TORTURE ?? 60)
/** A store lives through so many kills before the next one begins empty, so that checking it stays quick. */
const lives = 10

type Ack = { seq: number; n: number }

/** Kills the writer after so many acknowledgements and returns what it had acknowledged by then. */
async function writeAndKill(dir: string, acks: number): Promise<Ack[]> {
  const child = runProgram(process.execPath, [programPath("writer.ts"), dir, "8", "500"])
  child.onLine((count) => {
    if (count >= acks) child.kill()
  })
  expect(await child.ended).toEqual({ code: null, errors: "" })
  return child.lines.map((line) => {
    const [seq = 0, n = 0] = line.split(" ").map(Number)
    return { seq, n }
  })
}

/** Every acknowledged commit is there, events have no gap, and the three rows of a commit came together. */
async function check(dir: string, acked: Ack[]): Promise<void> {
  const store = await openStore(dir, { now: () => noon })
  const events = await store.eventsAfter(0, { limit: Number.MAX_SAFE_INTEGER })
  const numbers = events.map(({ rows }) => rows.specs?.[0]?.id.replace("spec_", "") ?? "none")
  expect(store.damage).toBeUndefined()
  expect(events.map(({ seq }) => seq)).toEqual(numbers.map((_, i) => i + 1))
  expect(acked.map(({ seq }) => numbers[seq - 1])).toEqual(acked.map(({ n }) => String(n)))
  const specs = (await store.list("specs", { projectId: "prj_1" })).map(({ id }) => id)
  const entries = (await store.list("entries", { sessionId: "ses_1" })).map(({ id }) => id)
  expect(specs).toEqual(numbers.map((n) => `spec_${n}`).sort())
  expect(entries).toEqual(numbers.flatMap((n) => [`ent_${n}_a`, `ent_${n}_b`]).sort())
  await store.close()
}

/** Kills one writer after the other, each going on in the store the last one left. */
async function liveAndDie(first: number, count: number): Promise<number> {
  const dir = join(await makeFolder(onTestFinished), "store")
  const acked: Ack[] = []
  for (let kill = first; kill < first + count; kill++) {
    acked.push(...(await writeAndKill(dir, 1 + ((kill * 37) % 41))))
    await check(dir, acked)
  }
  return acked.length
}

test(`loses no acknowledged commit and tears none in ${kills} kills`, {
  timeout: 240_000 + kills * 2000,
}, async () => {
  const groups = Array.from({ length: Math.ceil(kills / lives) }, (_, i) => i * lives)
  let total = 0
  const work = async () => {
    for (let first = groups.pop(); first !== undefined; first = groups.pop())
      total += await liveAndDie(first, Math.min(lives, kills - first))
  }
  // Most of a life is waiting for the disk: several stores are lived in at once.
  await Promise.all([work(), work(), work(), work()])
  expect(total).toBeGreaterThan(kills)
  if (process.env.AURA_TORTURE) console.log(`${kills} kills, ${total} acknowledged commits, none lost`)
})
