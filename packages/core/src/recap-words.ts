/** A recap in words. Apart from the schema, so that the interface need not carry it. */
import type { Recap } from "./recap.ts"

const maxNamed = 5

/** Nothing for a person to read. */
export function isQuiet({ tasksDone, proven, changed, spentUsd }: Recap): boolean {
  return tasksDone === 0 && proven.length === 0 && changed.files === 0 && (spentUsd ?? 0) === 0
}

/** One line per fact, the most important first; none when nothing happened and nothing waits. */
export function describeRecap(recap: Recap): string[] {
  const { proven, unproven, decisions } = recap
  const named = unproven.slice(0, maxNamed).map(({ id, why }) => `Not proven: ${id}${why ? ` – ${why}` : ""}`)
  const more = unproven.length - named.length
  return [
    ...(proven.length > 0 ? [`Proven: ${proven.join(", ")}`] : []),
    ...named,
    ...(more > 0 ? [`Not proven: ${more} more`] : []),
    ...decisions.map((title) => `Waits for you: ${title}`),
    ...(isQuiet(recap) ? [] : [describeWork(recap)]),
  ]
}

/** "3 tasks done · 12 files changed (+340 −20) · $2.31 spent" */
export function describeWork({ tasksDone, changed, spentUsd }: Recap): string {
  return [
    `${count(tasksDone, "task")} done`,
    `${count(changed.files, "file")} changed${changed.files > 0 ? ` (+${changed.additions} −${changed.deletions})` : ""}`,
    ...(spentUsd === null ? [] : [`$${spentUsd.toFixed(2)} spent`]),
  ].join(" · ")
}

function count(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? "" : "s"}`
}
