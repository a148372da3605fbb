/** What was used, by class of token and by project. Pure. */
import { addUsage, noUsage, type Project, type Usage } from "@aura/core"

export type TokenClass = "cacheReadTokens" | "cacheWriteTokens" | "inputTokens" | "outputTokens"

export const classes: readonly { key: TokenClass; name: string }[] = [
  { key: "cacheReadTokens", name: "Read from cache" },
  { key: "cacheWriteTokens", name: "Written to cache" },
  { key: "inputTokens", name: "Fresh input" },
  { key: "outputTokens", name: "Output" },
]

/** Of all projects that were paid for: a rehearsal's words come from a script. */
export function sumUsage(projects: readonly Pick<Project, "usage" | "rehearsal">[]): Usage {
  return projects.reduce((sum, project) => (project.rehearsal ? sum : addUsage(sum, project.usage)), noUsage)
}

/** Of all input, how much came from the cache, 0–1; undefined before there was any. */
export function cacheShare(usage: Usage): number | undefined {
  const input = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
  return input > 0 ? usage.cacheReadTokens / input : undefined
}

/** The dearest first; projects that cost nothing stay in the order they had. */
export function byCost<P extends Pick<Project, "usage">>(projects: readonly P[]): P[] {
  return projects.toSorted((a, b) => b.usage.costUsd - a.usage.costUsd)
}
