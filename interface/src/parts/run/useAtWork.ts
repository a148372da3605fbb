/** The session of a project that is currently at work. */
import { useMemo } from "react"
import { useLoops } from "../../api/queries/loops.ts"
import { usePlans } from "../../api/queries/plan.ts"
import type { AtWork } from "../../components/timeline.logic.ts"
import { newest, newestPlan } from "../project/project-state.logic.ts"
import { findAtWork } from "./run.logic.ts"

export function useAtWork(projectId: string): AtWork | undefined {
  const loops = useLoops(projectId).data
  const plans = usePlans(projectId).data
  return useMemo(() => findAtWork(newest(loops), newestPlan(plans)), [loops, plans])
}
