/** What a project is doing right now, in a word. */
import type { Project } from "@aura/core"
import { useLoops } from "../../api/queries/loops.ts"
import { usePlans } from "../../api/queries/plan.ts"
import { useAttention, useProgress } from "../../api/queries/projects.ts"
import { newest, newestPlan, type ProjectState, toProjectState } from "./project-state.logic.ts"

/** @param open true for the project on screen; of the others, plans are asked for only before their first run */
export function useProjectState(project: Pick<Project, "id" | "status">, open: boolean): ProjectState {
  const loops = useLoops(project.id)
  const attention = useAttention()
  const plans = usePlans(project.id, open || loops.data?.length === 0)
  const isStuck = attention.data?.some(
    ({ projectId, kind }) => projectId === project.id && (kind === "failed" || kind === "blocked"),
  )
  const loop = newest(loops.data)
  const hasEndedWell = loop?.outcome === "done" || loop?.outcome === "unproven"
  const progress = useProgress(project.id, hasEndedWell).data
  return toProjectState(project, loop, newestPlan(plans.data), {
    ...(isStuck === undefined ? {} : { hasStuckTask: isStuck }),
    ...(progress
      ? {
          tasksLeft: progress.total - progress.counts.done,
          requirementsLeft: progress.unprovenRequirements.length,
        }
      : {}),
  })
}
