/** The state of a project in a word, from its newest plan and its newest loop. Pure. */
import type { Loop, Plan, Project } from "@aura/core"
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
  /** True while a task of the project is failed or blocked. */
  hasStuckTask = false,
): ProjectState {
  if (project.status === "archived") return { tone: "idle", word: "Archived" }
  if (plan?.status === "running") return { tone: "working", word: "Planning" }
  const planIsNewer = plan !== undefined && (!loop || plan.startedAt > loop.startedAt)
  if (planIsNewer && plan.status === "failed") return { tone: "bad", word: "Planning failed" }
  if (planIsNewer && plan.status === "stopped") return { tone: "idle", word: "Planning stopped" }
  if (planIsNewer) return { tone: "idle", word: "Planned" }
  if (!loop) return { tone: "idle", word: "New" }
  // A run that ended well is no longer all there is to say once a task's commit is gone.
  return hasStuckTask && loop.outcome === "done" ? outcomes.failed : toLoopState(loop)
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

/** The plan that says where a project stands: one that wrote a single spec anew no longer does once it has ended. */
export function newestPlan(plans: readonly Plan[] | undefined): Plan | undefined {
  return newest(plans?.filter((plan) => plan.step !== "spec" || plan.status === "running"))
}

/** The newest of rows that have a beginning. */
export function newest<R extends { startedAt: string }>(rows: readonly R[] | undefined): R | undefined {
  return rows?.reduce<R | undefined>(
    (last, row) => (!last || row.startedAt >= last.startedAt ? row : last),
    undefined,
  )
}
