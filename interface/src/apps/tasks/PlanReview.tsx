/** Shown before the first task starts: what the plan covers and omits, and the button to start it. */
import { describeProjection, type Task } from "@aura/core"
import { ClipboardCheck } from "lucide-react"
import { useSpecs } from "../../api/queries/plan.ts"
import { useProjection } from "../../api/queries/projects.ts"
import { useDocument } from "../../api/queries/requirements.ts"
import { count } from "../../components/format.ts"
import { RequirementChips } from "../../components/RequirementChips.tsx"
import { findUncovered } from "../../parts/task/tasks.logic.ts"

export function PlanReview({ projectId, tasks }: { projectId: string; tasks: readonly Task[] }) {
  const document = useDocument(projectId).data
  const specs = useSpecs(projectId).data
  const projection = useProjection(projectId).data
  if (!document || !specs || tasks.some((task) => task.attempts > 0 || task.status === "done")) return null
  const left = findUncovered(document.requirements, tasks)
  const words = projection && describeProjection(projection)
  const unchecked = tasks.filter((task) => task.checks.length === 0).length
  return (
    <section
      aria-label="Review of the plan"
      className="mb-4 flex gap-3 rounded-lg border border-line bg-sunken p-4"
    >
      <ClipboardCheck aria-hidden="true" className="mt-0.5 size-4.5 shrink-0 text-accent" />
      <div className="min-w-0 text-sm">
        <p className="font-medium">
          The plan: {count(specs.length, "spec")}, {count(tasks.length, "task")},{" "}
          {count(document.requirements.length, "requirement")}
        </p>
        <p className="mt-0.5 text-pretty text-ink-2">
          {words && <span className="tabular-nums">{words}. </span>}
          Edit, split, merge or move what is not right; starting the loop approves it.
          {unchecked > 0 &&
            ` ${count(unchecked, "task has", "tasks have")} no checks of ${unchecked === 1 ? "its" : "their"} own; the project's build and tests must pass.`}
        </p>
        {left.length > 0 && (
          <div className="mt-2 flex flex-wrap items-center gap-2 text-warn">
            In no task: <RequirementChips projectId={projectId} ids={left} limit={20} />
          </div>
        )}
      </div>
    </section>
  )
}
