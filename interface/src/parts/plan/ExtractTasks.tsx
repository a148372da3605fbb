/** The step from specs to tasks. */
import { useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { usePlans } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Button } from "../../components/Button.tsx"
import { count } from "../../components/format.ts"
import { newestPlan } from "../project/project-state.logic.ts"

const Confirm = lazy(() => import("../../components/Confirm.tsx"))

export function ExtractTasks({ projectId }: { projectId: string }) {
  const [asking, setAsking] = useState(false)
  const extract = useCommand("extractTasks")
  const navigate = useNavigate()
  const tasks = useTasks(projectId)
  const running = newestPlan(usePlans(projectId).data)?.status === "running"
  const known = tasks.data?.length ?? 0

  function start(): void {
    extract.mutate(
      { params: { p: projectId } },
      { onSuccess: () => void navigate({ to: "/projects/$projectId/tasks", params: { projectId } }) },
    )
  }

  return (
    <>
      <Button
        tone={known > 0 ? "plain" : "primary"}
        busy={extract.isPending || running}
        disabled={tasks.isPending}
        onClick={() => (known > 0 ? setAsking(true) : start())}
      >
        Extract tasks
      </Button>
      {asking && (
        <Suspense>
          <Confirm
            title="Make the tasks again?"
            action="Make them again"
            onConfirm={start}
            onClose={() => setAsking(false)}
          >
            New tasks will take the place of the {count(known, "task")} there are now. Until they are finished
            the old ones stay.
          </Confirm>
        </Suspense>
      )}
    </>
  )
}
