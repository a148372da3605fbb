/** Both twins against the simplest store there is: a map that is filtered. */
import { join } from "node:path"
import fc from "fast-check"
import { expect, onTestFinished, test } from "vitest"
import { makeFolder, noon, toSpec } from "../test/samples.ts"
import { openMemoryStore } from "./memory.ts"
import { openStore } from "./rocks.ts"
import type { Store } from "./store.ts"

const now = () => noon
/** Ids that are beginnings of one another, hold separators of many systems, and sort unlike their length. */
const id = fc.constantFrom("a", "a:", "a/", "a!", "ab", "A", "~", "a~", "by", "row", "a-1", "a-10", "a-2")
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ save: id, projectId: id }) },
  { weight: 1, arbitrary: fc.record({ remove: id }) },
)
type Step = { save: string; projectId: string } | { remove: string }

async function behaveAlike(store: Store, rounds: Step[][]): Promise<void> {
  const model = new Map<string, string>()
  for (const { id } of await store.list("specs")) {
    await store.commit("specs.generated", { rows: {}, removed: { specs: [id] } })
  }
  for (const steps of rounds) {
    await Promise.all(
      steps.map((one) => {
        if ("remove" in one) {
          model.delete(one.remove)
          return store.commit("specs.generated", { rows: {}, removed: { specs: [one.remove] } })
        }
        model.set(one.save, one.projectId)
        return store.commit("spec.saved", {
          rows: { specs: [toSpec(one.save, { projectId: one.projectId })] },
        })
      }),
    )
  }
  const all = [...model]
    .map(([id, projectId]) => toSpec(id, { projectId }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  expect(await store.list("specs")).toEqual(all)
  for (const projectId of new Set([...model.values(), "a", "b"])) {
    expect(await store.list("specs", { projectId })).toEqual(
      all.filter((spec) => spec.projectId === projectId),
    )
  }
  for (const one of all) expect(await store.get("specs", one.id)).toEqual(one)
}

const rounds = fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 4 })

test("the store on disk lists what a plain map would, after any commits", async () => {
  const dir = await makeFolder(onTestFinished)
  const store = await openStore(join(dir, "store"), { now })
  onTestFinished(() => store.close())
  await fc.assert(
    fc.asyncProperty(rounds, (steps) => behaveAlike(store, steps)),
    { numRuns: 60 },
  )
})

test("the store in memory lists what a plain map would, after any commits", async () => {
  await fc.assert(
    fc.asyncProperty(rounds, (steps) => behaveAlike(openMemoryStore({ now }), steps)),
    { numRuns: 200 },
  )
})
