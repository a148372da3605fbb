/** The specs in order, as they are and as they are being written. */
import type { Spec } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { useMemo } from "react"
import { useCommand } from "../../api/commands.ts"
import { usePlanDrafts } from "../../api/drafts.ts"
import { usePlans, useSpecs } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { count } from "../../components/format.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { RequirementChips } from "../../components/RequirementChips.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { useReorder } from "../../hooks/useReorder.ts"
import { ExtractTasks } from "../../parts/plan/ExtractTasks.tsx"
import { GenerateSpecs } from "../../parts/plan/GenerateSpecs.tsx"
import { PlanFailure, PlanProgress } from "../../parts/plan/PlanProgress.tsx"
import { newestPlan } from "../../parts/project/project-state.logic.ts"
import { SpecDrafts } from "./SpecDrafts.tsx"
import { type Coverage, toCoverage, toExcerpt } from "./specs.logic.ts"

export default function Specs() {
  const projectId = useProjectId()
  const specs = useSpecs(projectId)
  const tasks = useTasks(projectId)
  const plan = newestPlan(usePlans(projectId).data)
  const drafts = usePlanDrafts(projectId)
  const update = useCommand("updateSpec")
  const reorder = useReorder((id, order) =>
    update.mutate({ params: { p: projectId, s: id }, body: { order } }),
  )
  const coverage = useMemo(() => toCoverage(tasks.data ?? []), [tasks.data])
  if (specs.isError) return <Problem error={specs.error} onRetry={() => void specs.refetch()} />
  if (!specs.data) return <Loading />
  const writing = plan?.step === "specs" && plan.status === "running" ? plan : undefined
  const failed = plan?.step === "specs" && plan.status !== "running" && plan.reason ? plan : undefined
  if (specs.data.length === 0 && !writing) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        {failed && <PlanFailure plan={failed} />}
        <Empty title="No specs yet" actions={<GenerateSpecs projectId={projectId} />}>
          Aura reads the requirements and writes one spec for each capability, the most foundational first:
          what it is for, its interfaces, its use cases and what it depends on.
        </Empty>
      </div>
    )
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {failed && <PlanFailure plan={failed} />}
      <div className="max-w-7xl px-4 py-4 sm:px-6">
        {writing ? (
          <PlanProgress plan={writing} made={drafts?.specs.length ?? 0} />
        ) : (
          <div className="flex items-center gap-2">
            <p className="mr-auto text-ink-2 text-sm">
              {count(specs.data.length, "spec")}, the most foundational first
            </p>
            <ExtractTasks projectId={projectId} />
          </div>
        )}
        {writing && <SpecDrafts drafts={drafts?.specs ?? []} />}
        {writing && specs.data.length > 0 && (
          <h2 className="mt-8 text-ink-3 text-sm">In force until the new ones are finished</h2>
        )}
        <ol className="-mx-3 mt-3 flex flex-col">
          {specs.data.map((spec) => (
            <li
              key={spec.id}
              {...reorder.row(spec.id, spec.order, !writing)}
              className="border-line border-b last:border-0 data-over:bg-accent-soft"
            >
              <Row spec={spec} coverage={coverage.get(spec.id)} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}

function Row({ spec, coverage }: { spec: Spec; coverage: Coverage | undefined }) {
  const { projectId, id: specId } = spec
  return (
    <div className="relative flex items-start gap-4 rounded-md px-3 py-3.5 hover:bg-hover">
      <span className="w-5 shrink-0 pt-px text-right text-ink-3 tabular-nums">{spec.order}</span>
      <span className="min-w-0 flex-1">
        <Link
          to="/projects/$projectId/specs/$specId"
          params={{ projectId, specId }}
          data-row
          className="font-medium text-md outline-none after:absolute after:inset-0 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
        >
          {spec.title}
        </Link>
        <span className="mt-0.5 line-clamp-2 text-pretty text-ink-2 text-sm">{toExcerpt(spec.markdown)}</span>
      </span>
      {coverage && (
        <span className="flex shrink-0 flex-col items-end gap-1.5 text-ink-3 text-sm tabular-nums">
          {coverage.done} of {count(coverage.tasks, "task")} done
          <span className="relative hidden sm:block">
            <RequirementChips projectId={projectId} ids={coverage.requirementIds} limit={6} />
          </span>
        </span>
      )}
    </div>
  )
}
