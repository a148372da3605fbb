/** Hundreds of simulated runs. AURA_TORTURE multiplies them; AURA_SEED runs one alone. */
import { expect, it } from "vitest"
import { honest, nasty } from "./agents.ts"
import { anything, type Fate, powerCuts } from "./person.ts"
import { judge } from "./simulation.ts"
import type { Agent } from "./world.ts"

const only = process.env.AURA_SEED
const torture = Math.max(1, Number(process.env.AURA_TORTURE ?? 1))
const enough = 3

async function findFailures(seeds: number, agent: Agent, fate: Fate): Promise<string> {
  const failed: string[] = []
  const first = Number(only ?? 1)
  const last = only === undefined ? seeds * torture : first
  for (let seed = first; seed <= last && failed.length < enough; seed++) {
    const breach = await judge(seed, agent, fate)
    if (breach) failed.push(breach)
  }
  return failed.join("\n\n")
}

const timeout = torture * 600_000

it("keeps every promise with an honest agent, however often the power fails", { timeout }, async () => {
  expect(await findFailures(100, honest, powerCuts)).toBe("")
})

it("keeps every promise with an agent and a person who do anything, in any weather", {
  timeout,
}, async () => {
  expect(await findFailures(500, nasty, anything)).toBe("")
})
