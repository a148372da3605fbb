/** The states of a task and every legal change between them. */

export const taskStatuses = ["pending", "ready", "in_progress", "done", "failed", "blocked"] as const
export type TaskStatus = (typeof taskStatuses)[number]

/** Every legal change of status; the rest is refused. */
export const taskTransitions: Record<TaskStatus, readonly TaskStatus[]> = {
  pending: ["ready"],
  ready: ["in_progress"],
  in_progress: ["done", "failed", "blocked", "ready"],
  done: ["ready"],
  failed: ["ready"],
  blocked: ["ready"],
}

export function canTransition(from: TaskStatus, to: TaskStatus): boolean {
  return taskTransitions[from].includes(to)
}
