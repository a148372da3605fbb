/** One button from a requirements document to proven software. */
import { useNavigate } from "@tanstack/react-router"
import { Hammer } from "lucide-react"
import { useCommand } from "../../api/commands.ts"
import { usePlans } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Button } from "../../components/Button.tsx"
import { newestPlan } from "../project/project-state.logic.ts"
import { PlanFirst } from "./PlanFirst.tsx"
import { usePlanFirst } from "./planFirst.ts"

/** Nothing once there are tasks: then the run is started. */
export function BuildIt({ projectId, archived }: { projectId: string; archived?: boolean }) {
  const build = useCommand("build")
  const navigate = useNavigate()
  const [isPlanFirst, setPlanFirst] = usePlanFirst()
  const tasks = useTasks(projectId)
  const running = newestPlan(usePlans(projectId).data)?.status === "running"
  if (tasks.data === undefined || tasks.data.length > 0) return null
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <PlanFirst checked={isPlanFirst} onChange={setPlanFirst} />
      <Button
        tone="primary"
        busy={build.isPending || running}
        disabled={archived === true}
        icon={<Hammer aria-hidden="true" className="size-3.5" />}
        onClick={() =>
          build.mutate(
            { params: { p: projectId }, body: { upTo: isPlanFirst ? "plan" : "all" } },
            { onSuccess: () => void navigate({ to: "/projects/$projectId/run", params: { projectId } }) },
          )
        }
      >
        Build it
      </Button>
    </div>
  )
}
