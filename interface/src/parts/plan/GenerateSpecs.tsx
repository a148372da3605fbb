/** The step from requirements to specs. */
import { useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { usePlans, useSpecs } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Button } from "../../components/Button.tsx"
import { count } from "../../components/format.ts"
import { newestPlan } from "../project/project-state.logic.ts"

const Confirm = lazy(() => import("../../components/Confirm.tsx"))

export function GenerateSpecs({ projectId, archived }: { projectId: string; archived?: boolean }) {
  const [asking, setAsking] = useState(false)
  const generate = useCommand("generateSpecs")
  const navigate = useNavigate()
  const specs = useSpecs(projectId)
  const tasks = useTasks(projectId)
  const running = newestPlan(usePlans(projectId).data)?.status === "running"
  const known = specs.data?.length ?? 0

  function start(): void {
    generate.mutate(
      { params: { p: projectId } },
      { onSuccess: () => void navigate({ to: "/projects/$projectId/specs", params: { projectId } }) },
    )
  }

  return (
    <>
      <Button
        tone="plain"
        busy={generate.isPending || running}
        disabled={archived || specs.isPending}
        onClick={() => (known > 0 ? setAsking(true) : start())}
      >
        Generate specs
      </Button>
      {asking && (
        <Suspense>
          <Confirm
            title="Write the specs again?"
            action="Write again"
            onConfirm={start}
            onClose={() => setAsking(false)}
          >
            New specs will take the place of the {count(known, "spec")}
            {tasks.data?.length ? ` and ${count(tasks.data.length, "task")}` : ""} there are now. Until they
            are finished the old ones stay.
          </Confirm>
        </Suspense>
      )}
    </>
  )
}
