/**
 * A program that fills the disk under a store, makes room again and says what happened.
 * Arguments: a folder on a small disk, two ballast files on it, and the size of a row.
 */
import { rmSync } from "node:fs"
import { AuraError } from "@aura/core"
import { openStore } from "../src/rocks.ts"
import { toSpec } from "./samples.ts"

const [dir = "", ballast = "", more = "", size = ""] = process.argv.slice(2)
let store = await openStore(dir, { now: Date.now })
const saved: string[] = []

async function save(n: number): Promise<string> {
  const id = `spec_${n}`
  try {
    await store.commit("spec.saved", {
      rows: { specs: [toSpec(id, { markdown: "x".repeat(Number(size)) })] },
    })
    saved.push(id)
    return "saved"
  } catch (error) {
    return error instanceof AuraError ? `${error.code} ${String(error.details?.reason)}` : String(error)
  }
}

async function saveUntilFull(): Promise<string> {
  for (let n = saved.length; ; n++) {
    const outcome = await save(n)
    if (outcome !== "saved") return outcome
  }
}

async function holdsAll(): Promise<boolean> {
  const ids = new Set((await store.list("specs")).map(({ id }) => id))
  const events = await store.eventsAfter(0, { limit: Number.MAX_SAFE_INTEGER })
  return saved.every((id) => ids.has(id)) && events.length === store.head && ids.size === saved.length
}

const first = await saveUntilFull()
const stillFull = await Promise.all([save(-1), save(-2)])
const readable = await holdsAll()
rmSync(ballast)
const afterRoom = await save(saved.length)
const whole = await holdsAll()
const second = await saveUntilFull()
await store.close()
rmSync(more)
store = await openStore(dir, { now: Date.now })
const reopened = await holdsAll()
console.log(
  JSON.stringify({
    first,
    stillFull,
    readable,
    afterRoom,
    whole,
    second,
    reopened,
    damage: store.damage ?? null,
  }),
)
await store.close()
