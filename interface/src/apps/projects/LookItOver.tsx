/** Has the model look the document over. */
import { useCommand } from "../../api/commands.ts"
import { usePlans } from "../../api/queries/plan.ts"
import { Button } from "../../components/Button.tsx"
import { newestPlan } from "../../parts/project/project-state.logic.ts"

export function LookItOver({ projectId, archived }: { projectId: string; archived: boolean }) {
  const look = useCommand("lookOver")
  const isPlanned = newestPlan(usePlans(projectId).data)?.status === "running"
  return (
    <Button
      tone="quiet"
      busy={look.isPending}
      disabled={archived || isPlanned}
      title="Finds gaps, contradictions and statements that nobody could check, and proposes a wording for each"
      onClick={() => look.mutate({ params: { p: projectId } })}
    >
      Look it over
    </Button>
  )
}
