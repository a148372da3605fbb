/** How far the run is, what is left of it, and what it has cost. Of a fixed height: nothing below it moves. */
import { useProject, useProjection } from "../../api/queries/projects.ts"
import { useLedger } from "../../api/queries/requirements.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { toBoard } from "../../parts/proof/board.logic.ts"
import { toRunLine } from "../../parts/run/run-line.logic.ts"

export function RunLine({ projectId }: { projectId: string }) {
  const project = useProject(projectId).data
  const tasks = useTasks(projectId).data
  const ledger = useLedger(projectId).data
  const projection = useProjection(projectId).data
  if (!project || !tasks) return null
  const parts = toRunLine({
    tasks,
    board: ledger && toBoard(ledger),
    projection,
    project,
  })
  if (parts.length === 0) return null
  return (
    <p className="truncate pb-1.5 text-ink-3 text-sm tabular-nums" title={parts.join(" · ")}>
      {parts.join(" · ")}
    </p>
  )
}
