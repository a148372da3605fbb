/** Redirects into a project, to its current step. */
import { Navigate } from "@tanstack/react-router"
import { useLoops } from "../../api/queries/loops.ts"
import { usePlans, useSpecs } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Loading } from "../../components/Placeholder.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { newest, newestPlan } from "../../parts/project/project-state.logic.ts"
import { findStep } from "./project-home.logic.ts"

export default function ProjectHome() {
  const projectId = useProjectId()
  const specs = useSpecs(projectId)
  const tasks = useTasks(projectId)
  const plans = usePlans(projectId)
  const loops = useLoops(projectId)
  if (loops.isPending || specs.isPending || tasks.isPending || plans.isPending) return <Loading />
  const step = findStep(
    specs.data?.length ?? 0,
    tasks.data?.length ?? 0,
    newestPlan(plans.data),
    newest(loops.data),
  )
  return <Navigate replace to={`/projects/$projectId/${step}`} params={{ projectId }} />
}
