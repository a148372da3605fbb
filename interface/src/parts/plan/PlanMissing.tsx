/** Makes tasks for requirements that came into the document after the plan; all other tasks stay. */
import { isOpen, type Ledger } from "@aura/core"
import { useCommand } from "../../api/commands.ts"
import { usePlans } from "../../api/queries/plan.ts"
import { Button } from "../../components/Button.tsx"
import { count } from "../../components/format.ts"
import { newestPlan } from "../project/project-state.logic.ts"

type Props = { projectId: string; ledger: Ledger }

export function PlanMissing({ projectId, ledger }: Props) {
  const extract = useCommand("extractTasks")
  const running = newestPlan(usePlans(projectId).data)?.status === "running"
  const isPlanned = ledger.items.some(({ taskIds }) => taskIds.length > 0)
  const missing = ledger.items.filter((row) => isOpen(row) && row.taskIds.length === 0).map(({ id }) => id)
  if (!isPlanned || missing.length === 0) return null
  return (
    <Button
      size="small"
      busy={extract.isPending || running}
      onClick={() => extract.mutate({ params: { p: projectId }, body: { requirementIds: missing } })}
    >
      Make tasks for {count(missing.length, "requirement")}
    </Button>
  )
}
