/** What of a task says how it is proven: an agent may propose it, and a person changes it. */
import type { UpdateTask } from "@aura/core"

/** Its checks, its requirements, and which files are said to hold no secret. */
export function countsAsProof({ checks, requirementIds, description }: UpdateTask): boolean {
  return checks !== undefined || requirementIds !== undefined || findHarmless(description ?? "").size > 0
}

const statement = /^[ \t]*(?:[-*][ \t])?not secret:(.+)$/gim

/** The paths that a task's description says hold no secret. */
export function findHarmless(description: string): Set<string> {
  const paths = [...description.matchAll(statement)].flatMap(([, list = ""]) => list.split(","))
  return new Set(paths.map((path) => path.trim().replaceAll("`", "").replace(/^\.\//, "")).filter(Boolean))
}
