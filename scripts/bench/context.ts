/** What a long session costs, how much of it the cache answers for, and what of its thoughts is lost: see the simulation. */
import { defaultModel, knownModels } from "@aura/model"
import { simulateSession } from "../../packages/engine/test/economics.ts"
import { type Figure, round } from "./measure.ts"

const never = 1_000_000

export async function benchContext(): Promise<Figure[]> {
  const now = simulateSession("now", defaultModel)
  const former = simulateSession("former", defaultModel)
  const fast = simulateSession("now", defaultModel, never)
  const formerFast = simulateSession("former", defaultModel, never)
  const percent = (share: number) => round(share * 100)
  return [
    {
      name: "160 turns, cost beside masking old output",
      value: percent(now.costUsd / former.costUsd),
      unit: "%",
      goal: "<= 70",
      beside: `$${now.costUsd.toFixed(2)} to $${former.costUsd.toFixed(2)}, ${now.sessions} sessions to ${former.sessions}`,
    },
    {
      name: "the same without slow commands",
      value: percent(fast.costUsd / formerFast.costUsd),
      unit: "%",
      beside: `$${fast.costUsd.toFixed(2)} to $${formerFast.costUsd.toFixed(2)}`,
    },
    {
      name: "input answered by the cache, hand-overs included",
      value: percent(now.cachedShare),
      unit: "%",
      goal: ">= 96",
      beside: `masking ${percent(former.cachedShare)} %`,
    },
    {
      name: "thoughts that were refused or dropped",
      value: now.thoughtsLost,
      unit: "",
      goal: "0",
      beside: `masking ${former.thoughtsLost}`,
    },
    ...knownModels.map((model) => {
      const bill = simulateSession("now", model)
      const beside = `$${bill.costUsd.toFixed(2)}, ${percent(bill.cachedShare)} % cached, ${bill.refused.length} refused`
      return {
        name: model,
        value: percent(bill.costUsd / simulateSession("former", model).costUsd),
        unit: "%",
        beside,
      }
    }),
  ]
}
