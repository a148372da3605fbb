/** What is still to be paid and waited for, while there is something to be worked. */
import { describeProjection } from "@aura/core"
import { useProjection } from "../../api/queries/projects.ts"

export function ProjectionLine({ projectId }: { projectId: string }) {
  const projection = useProjection(projectId).data
  const words = projection && describeProjection(projection)
  return words ? <p className="pb-1 text-ink-3 text-sm tabular-nums">{words}</p> : null
}
