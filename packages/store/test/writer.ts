/**
 * A program that commits until it is killed and prints the number of each event once it was acknowledged.
 * Arguments: the folder, how many writers, the size of a row, and how many commits (0 = for ever).
 */
import { writeSync } from "node:fs"
import { openStore } from "../src/rocks.ts"
import { toEntry, toSpec } from "./samples.ts"

const [dir = "", writers = "8", size = "500", most = "0"] = process.argv.slice(2)
const store = await openStore(dir, { now: Date.now })
let count = store.head
const end = Number(most) > 0 ? count + Number(most) : Number.POSITIVE_INFINITY

/** Three rows that belong together: after a crash all of them are there or none. */
async function save(n: number): Promise<void> {
  const spec = toSpec(`spec_${n}`, { markdown: String(n).repeat(Number(size) / 4) })
  const entries = [toEntry(`ent_${n}_a`, { output: `${n}` }), toEntry(`ent_${n}_b`, { output: `${n}` })]
  const event = await store.commit("spec.saved", { projectId: "prj_1", rows: { specs: [spec], entries } })
  writeSync(1, `${event.seq} ${n}\n`)
}

async function write(): Promise<void> {
  while (count < end) await save(++count)
}

await Promise.all(Array.from({ length: Number(writers) }, write))
await store.close()
