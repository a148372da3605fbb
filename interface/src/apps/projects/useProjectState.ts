/** What a project is doing right now, in a word. */
import type { Project } from "@aura/core"
import { useAttention, useLoops, usePlans } from "../../api/queries.ts"
import { newest, newestPlan, type ProjectState, toProjectState } from "./project-state.logic.ts"

/** @param open true for the project on screen; of the others, plans are asked for only before their first run */
export function useProjectState(project: Pick<Project, "id" | "status">, open: boolean): ProjectState {
  const loops = useLoops(project.id)
  const attention = useAttention()
  const plans = usePlans(project.id, open || loops.data?.length === 0)
  const isStuck = attention.data?.some(
    ({ projectId, kind }) => projectId === project.id && (kind === "failed" || kind === "blocked"),
  )
  return toProjectState(project, newest(loops.data), newestPlan(plans.data), isStuck)
}
