/** The state of a project in a word, from its newest plan and its newest loop. Pure. */
import { isPlanning, type Loop, type Plan, type Project } from "@aura/core"
import type { StateTone } from "../../components/StateDot.tsx"

export type ProjectState = { tone: StateTone; word: string }

const outcomes: Readonly<Record<NonNullable<Loop["outcome"]>, ProjectState>> = {
  done: { tone: "ok", word: "Done" },
  unproven: { tone: "warn", word: "Not all proven" },
  failed: { tone: "bad", word: "Needs you" },
  budget: { tone: "warn", word: "Budget reached" },
  provider: { tone: "bad", word: "Provider refuses" },
  refused: { tone: "bad", word: "Cannot work here" },
  stopped: { tone: "idle", word: "Stopped" },
  error: { tone: "bad", word: "Failed" },
}

export function toProjectState(
  project: Pick<Project, "status">,
  loop: Loop | undefined,
  plan: Plan | undefined,
  /** Of the project as it is now, which a run that has ended does not know. */
  now: { hasStuckTask?: boolean; tasksLeft?: number; requirementsLeft?: number } = {},
): ProjectState {
  if (project.status === "archived") return { tone: "idle", word: "Archived" }
  if (plan?.status === "running") return { tone: "working", word: "Planning" }
  const planIsNewer = plan !== undefined && (!loop || plan.startedAt > loop.startedAt)
  if (planIsNewer && plan.status === "failed") return { tone: "bad", word: "Planning failed" }
  if (planIsNewer && plan.status === "stopped") return { tone: "idle", word: "Planning stopped" }
  if (planIsNewer) return { tone: "idle", word: "Planned" }
  if (!loop) return { tone: "idle", word: "New" }
  const { hasStuckTask = false, tasksLeft = 0, requirementsLeft } = now
  if (loop.outcome !== "done" && loop.outcome !== "unproven") return toLoopState(loop)
  // A run that ended well is no longer all there is to say once a task's commit is gone or a task is open again.
  if (hasStuckTask) return outcomes.failed
  if (tasksLeft > 0) return { tone: "warn", word: "Not finished" }
  if (requirementsLeft === undefined) return toLoopState(loop)
  return requirementsLeft > 0 ? outcomes.unproven : outcomes.done
}

function toLoopState(loop: Loop): ProjectState {
  switch (loop.status) {
    case "running":
      return loop.waiting || loop.phase === "waiting"
        ? { tone: "warn", word: "Waiting" }
        : { tone: "working", word: "Running" }
    case "pausing":
      return { tone: "warn", word: "Pausing" }
    case "paused":
      return { tone: "warn", word: "Paused" }
    case "stopping":
      return { tone: "warn", word: "Stopping" }
    case "finished":
      return outcomes[loop.outcome ?? "stopped"]
  }
}

/** The plan that says where a project stands: what happened beside it no longer does once it has ended. */
export function newestPlan(plans: readonly Plan[] | undefined): Plan | undefined {
  return newest(plans?.filter((plan) => isPlanning(plan) || plan.status === "running"))
}

/** The newest of rows that have a beginning. */
export function newest<R extends { startedAt: string }>(rows: readonly R[] | undefined): R | undefined {
  return rows?.reduce<R | undefined>(
    (last, row) => (!last || row.startedAt >= last.startedAt ? row : last),
    undefined,
  )
}
