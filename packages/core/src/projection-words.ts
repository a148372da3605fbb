/** A projection in words. Apart from the schema, so that the interface need not carry it. */
import type { Projection, Range } from "./projection.ts"

/** "About $4.20 ($2.10–$8.50) and 45 min (20–90 min) to go"; undefined when nothing is left to be worked. */
export function describeProjection({ tasks, remaining }: Projection): string | undefined {
  if (tasks.length === 0) return undefined
  const { costUsd, minutes } = remaining
  const money = costUsd ? `about ${toWords(costUsd, toUsd)}` : "at a cost that nobody knows"
  return `${count(tasks.length)} to go, ${money}, in about ${toWords(minutes, toTime)} of work`
}

function toWords({ low, expected, high }: Range, say: (value: number) => string): string {
  return `${say(expected)} (${say(low)}–${say(high)})`
}

/** "Cost by requirement: R1 $0.20, R2 $0.31"; undefined when nothing has cost anything. */
export function describeRequirementCosts({ requirements }: Projection): string | undefined {
  const paid = requirements.filter(({ costUsd }) => costUsd > 0)
  if (paid.length === 0) return undefined
  return `Cost by requirement: ${paid.map(({ id, costUsd }) => `${id} ${toUsd(costUsd)}`).join(", ")}`
}

function count(tasks: number): string {
  return `${tasks} ${tasks === 1 ? "task" : "tasks"}`
}

function toUsd(usd: number): string {
  if (usd < 0.01) return "< $0.01"
  return usd < 100 ? `$${usd.toFixed(2)}` : `$${Math.round(usd)}`
}

function toTime(minutes: number): string {
  if (minutes < 1) return "1 min"
  return minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`
}
