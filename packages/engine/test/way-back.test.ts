/** While the folder is taken back nobody works in it, whoever came first. */
import type { Snapshot } from "@aura/core"
import { expect, it } from "vitest"
import { idle } from "../src/engine.ts"
import { startLoop } from "../src/loop/loop.ts"
import { goBackTo } from "../src/loop/way-back.ts"
import { honest } from "./agents.ts"
import { createRandom } from "./random.ts"
import { createWorld } from "./world.ts"

/** Nothing here waits for a timer or a disk, so all that can happen has happened by the next turn of node's loop. */
const quiet = () => new Promise<void>((resolve) => setImmediate(resolve))

async function open() {
  const world = await createWorld(createRandom(1), honest)
  const snapshot: Snapshot = {
    id: "snap_1",
    projectId: world.project.id,
    instanceId: null,
    taskId: null,
    kind: "hand",
    why: "Kept by hand",
    at: world.project.createdAt,
    root: "/memory",
    files: 0,
    bytes: 0,
    leftOut: [],
  }
  const ended = Promise.withResolvers<void>()
  const restored: string[] = []
  const snapshots = {
    restore: async () => {
      await ended.promise
      restored.push(snapshot.id)
      return { changed: 0, before: snapshot }
    },
  }
  return { world, goBack: () => goBackTo(world.engine, snapshots, snapshot), ended, restored }
}

it("a loop started while the folder is taken back waits for the end of it", async () => {
  const { world, goBack, ended } = await open()
  const way = goBack()
  await startLoop(world.engine, world.project.id)
  for (let i = 0; i < 20; i++) await quiet()
  expect(world.asked).toBe(0)
  await expect(goBack()).rejects.toMatchObject({ code: "conflict" })
  ended.resolve()
  await way
  await idle(world.engine)
  expect(world.asked).toBeGreaterThan(0)
})

it("a folder in which a loop works is not taken back", async () => {
  const { world, goBack, restored } = await open()
  await startLoop(world.engine, world.project.id)
  await expect(goBack()).rejects.toMatchObject({ code: "conflict" })
  expect(restored).toEqual([])
  await idle(world.engine)
})
