/** One spec to read and to change, with what comes from it. */
import type { Spec, Task } from "@aura/core"
import { Link, useParams, useSearch } from "@tanstack/react-router"
import { ChevronLeft, ChevronRight, PencilLine, RefreshCw } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import { usePlans, useSpecs } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Button, buttonClass } from "../../components/Button.tsx"
import { Markdown } from "../../components/Markdown.tsx"
import { NotFound } from "../../components/NotFound.tsx"
import { Loading, Problem } from "../../components/Placeholder.tsx"
import { RequirementChips } from "../../components/RequirementChips.tsx"
import { StatusIcon, StatusWord } from "../../components/StatusIcon.tsx"
import { useSubject } from "../../hooks/useTitle.ts"
import { PlanFailure, PlanProgress } from "../../parts/plan/PlanProgress.tsx"
import { newest } from "../../parts/project/project-state.logic.ts"
import { SpecEditor } from "./SpecEditor.tsx"
import { sortRequirementIds, withoutTitle } from "./specs.logic.ts"

const RegenerateSpec = lazy(() => import("./RegenerateSpec.tsx"))
const SpecProposal = lazy(() => import("./SpecProposal.tsx"))

export default function SpecPage() {
  const { projectId, specId } = useParams({ from: "/shell/projects/$projectId/specs/$specId" })
  const specs = useSpecs(projectId)
  const tasks = useTasks(projectId)
  if (specs.isError) return <Problem error={specs.error} onRetry={() => void specs.refetch()} />
  if (!specs.data) return <Loading rows={9} />
  const at = specs.data.findIndex((spec) => spec.id === specId)
  const spec = specs.data[at]
  if (!spec) return <NotFound />
  return (
    <Reading
      key={spec.id}
      spec={spec}
      previous={specs.data[at - 1]}
      next={specs.data[at + 1]}
      tasks={tasks.data?.filter((task) => task.specId === spec.id) ?? []}
    />
  )
}

type ReadingProps = {
  spec: Spec
  previous: Spec | undefined
  next: Spec | undefined
  tasks: readonly Task[]
}

function Reading({ spec, previous, next, tasks }: ReadingProps) {
  const [open, setOpen] = useState<"editor" | "regenerate">()
  const split = useSearch({ from: "/shell/projects/$projectId/specs/$specId" }).view === "split"
  const plan = newest(usePlans(spec.projectId).data?.filter((row) => row.specId === spec.id))
  useSubject(spec.title)
  if (open === "editor") return <SpecEditor spec={spec} onClose={() => setOpen(undefined)} />
  const ids = sortRequirementIds(tasks.flatMap((task) => task.requirementIds))
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {plan && !spec.proposal && <PlanFailure plan={plan} />}
      {(spec.proposal || plan?.status === "running") && (
        <div className="flex max-w-6xl flex-col gap-3 px-4 pt-5 sm:px-6">
          {plan?.status === "running" && <PlanProgress plan={plan} made={0} />}
          {spec.proposal && (
            <Suspense>
              <SpecProposal spec={spec} proposal={spec.proposal} split={split} />
            </Suspense>
          )}
        </div>
      )}
      {open === "regenerate" && (
        <Suspense>
          <RegenerateSpec spec={spec} onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
      <div className="grid max-w-6xl gap-x-16 gap-y-8 px-4 py-6 sm:px-6 lg:grid-cols-[minmax(0,1fr)_17rem]">
        <article className="min-w-0 max-w-[44rem]">
          <header className="mb-6 flex flex-wrap items-start gap-2">
            <div className="mr-auto min-w-0 basis-full sm:flex-1 sm:basis-0">
              <p className="text-ink-3 text-sm">Spec {spec.order}</p>
              <h2 className="text-balance font-semibold text-2xl tracking-tight">{spec.title}</h2>
            </div>
            <Step spec={previous} name="Previous spec" />
            <Step spec={next} name="Next spec" />
            <Button
              icon={<RefreshCw aria-hidden="true" className="size-3.5" />}
              onClick={() => setOpen("regenerate")}
            >
              Regenerate
            </Button>
            <Button
              icon={<PencilLine aria-hidden="true" className="size-3.5" />}
              onClick={() => setOpen("editor")}
            >
              Edit
            </Button>
          </header>
          {spec.markdown.trim() ? (
            <Markdown text={withoutTitle(spec.markdown, spec.title)} />
          ) : (
            <p className="text-ink-3">This spec is empty.</p>
          )}
        </article>
        <aside className="flex flex-col gap-6 lg:pt-14">
          <section>
            <h3 className="mb-2 font-medium text-ink-3 text-sm">What comes from it</h3>
            {tasks.length === 0 ? (
              <p className="text-ink-3 text-sm">Nothing has been extracted from it yet.</p>
            ) : (
              <ul className="-mx-2 flex flex-col">
                {tasks.map((task) => (
                  <li key={task.id}>
                    <TaskLine task={task} />
                  </li>
                ))}
              </ul>
            )}
          </section>
          {ids.length > 0 && (
            <section>
              <h3 className="mb-2 font-medium text-ink-3 text-sm">What it answers</h3>
              <RequirementChips projectId={spec.projectId} ids={ids} />
            </section>
          )}
        </aside>
      </div>
    </div>
  )
}

function TaskLine({ task }: { task: Task }) {
  return (
    <Link
      to="/projects/$projectId/tasks/$taskId"
      params={{ projectId: task.projectId, taskId: task.id }}
      data-row
      className="flex items-start gap-2 rounded-md px-2 py-1.5 text-sm hover:bg-hover"
    >
      <StatusIcon status={task.status} className="mt-0.5" />
      <span className="min-w-0 flex-1">
        {task.title}
        <StatusWord status={task.status} className="sr-only" />
      </span>
    </Link>
  )
}

function Step({ spec, name }: { spec: Spec | undefined; name: string }) {
  const Icon = name.startsWith("Next") ? ChevronRight : ChevronLeft
  if (!spec) return null
  return (
    <Link
      to="/projects/$projectId/specs/$specId"
      params={{ projectId: spec.projectId, specId: spec.id }}
      aria-label={name.split(" ")[0]}
      title={`${name}: ${spec.title}`}
      className={buttonClass("quiet", "square")}
    >
      <Icon aria-hidden="true" className="size-4" />
    </Link>
  )
}
