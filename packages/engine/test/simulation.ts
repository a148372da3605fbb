/** One whole run from a seed: a random agent, person and provider, crashes at any moment. */
import { projects, tasks } from "@aura/domain"
import { resumeLoop, startLoop } from "../src/loop/loop.ts"
import { honest } from "./agents.ts"
import { findBreaches } from "./invariants.ts"
import { ann, type Fate, perform } from "./person.ts"
import { createRandom } from "./random.ts"
import { type Agent, createWorld, type World } from "./world.ts"

const maxOperations = 8

/** Nothing here waits for a timer or a disk, so all that can happen has happened by the next turn of node's loop. */
const quiet = () => new Promise<void>((resolve) => setImmediate(resolve))

/** One run: some agent while the operations last, then an honest one that must bring it to its end. */
export async function simulate(seed: number, agent: Agent, fate: Fate): Promise<World> {
  const random = createRandom(seed)
  const world = await createWorld(random, agent)
  const due = Array.from({ length: random.below(maxOperations + 1) }, () => random.below(120)).toSorted(
    (a, b) => b - a,
  )
  let moments = 0
  let isInside = false
  world.onMoment = () => {
    moments += 1
    if (isInside || moments < (due.at(-1) ?? Number.POSITIVE_INFINITY)) return
    due.pop()
    isInside = true
    void perform(world, random.weigh(fate, "start"))
    isInside = false
  }
  world.store.subscribe(() => world.onMoment("event"))
  void perform(world, "start")
  await quiet()
  while (due.pop() !== undefined) {
    void perform(world, random.weigh(fate, "start"))
    await quiet()
  }
  await bringToEnd(world)
  return world
}

async function bringToEnd(world: World): Promise<void> {
  world.agent = honest
  for (let rounds = 0; rounds < 12; rounds++) {
    const { aura, engine, project } = world
    await projects.update(aura, ann, project.id, { budgetUsd: null })
    const running = (await aura.store.list("loops")).find((loop) => loop.status !== "finished")
    if (running && running.status !== "paused")
      return void world.problems.push(`the loop hangs while ${running.status}`)
    if (running) await resumeLoop(engine, project.id)
    await quiet()
    if (engine.running.size > 0) continue
    const all = await tasks.list(aura, project.id)
    if (all.every((task) => task.status === "done")) return
    for (const task of all)
      if (task.status === "failed" || task.status === "blocked") await tasks.retry(aura, project.id, task.id)
    await startLoop(engine, project.id)
    await quiet()
  }
  world.problems.push("an honest agent did not bring it to an end")
}

/** @returns what was wrong with the run of this seed, and all that was done in it */
export async function judge(seed: number, agent: Agent, fate: Fate): Promise<string | undefined> {
  const world = await simulate(seed, agent, fate)
  const breaches = [...new Set([...world.problems, ...(await findBreaches(world))])]
  if (breaches.length === 0) return undefined
  return [
    `seed ${seed}`,
    ...world.log.map((line) => `  ${line}`),
    ...breaches.map((line) => `  ! ${line}`),
  ].join("\n")
}
