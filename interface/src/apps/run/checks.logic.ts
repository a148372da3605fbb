/** The checks a task must pass and how each stands in the round at hand. Pure. */
import type { Item } from "../../components/timeline.logic.ts"

export type TaskCheck = { command: string; state: "waiting" | "running" | "passed" | "failed" }

/** The last result of every command since work on the task at the end of the timeline began. */
export function toTaskChecks(commands: readonly string[], items: readonly Item[]): TaskCheck[] {
  const start = items.findLastIndex((item) => item.kind === "task")
  const states = new Map<string, TaskCheck["state"]>()
  for (const item of items.slice(start + 1)) {
    if (item.kind === "check") states.set(item.command, item.state)
  }
  const all = new Set([...commands, ...states.keys()])
  return [...all].map((command) => ({ command, state: states.get(command) ?? "waiting" }))
}
