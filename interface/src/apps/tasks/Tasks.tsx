/** The tasks in order, each with its status and what it waits for. */
import type { Task } from "@aura/core"
import { Link, useSearch } from "@tanstack/react-router"
import { useMemo } from "react"
import { usePlanDrafts } from "../../api/drafts.ts"
import { usePlans, useSpecs, useTasks } from "../../api/queries.ts"
import { cx } from "../../components/cx.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { StatusIcon, statusWords } from "../../components/StatusIcon.tsx"
import { newest } from "../projects/project-state.logic.ts"
import { useProjectId } from "../projects/useProjectId.ts"
import { LoopControls } from "../run/LoopControls.tsx"
import { ExtractTasks } from "../specs/ExtractTasks.tsx"
import { PlanFailure, PlanProgress } from "../specs/PlanProgress.tsx"
import { TaskRow } from "./TaskRow.tsx"
import { toTallies } from "./tasks.logic.ts"

export default function Tasks() {
  const projectId = useProjectId()
  const { status } = useSearch({ from: "/shell/projects/$projectId/tasks" })
  const tasks = useTasks(projectId)
  const plan = newest(usePlans(projectId).data)
  const drafts = usePlanDrafts(projectId)
  const byId = useMemo(() => new Map(tasks.data?.map((task) => [task.id, task])), [tasks.data])
  if (tasks.isError) return <Problem error={tasks.error} onRetry={() => void tasks.refetch()} />
  if (!tasks.data) return <Loading />
  const extracting = plan?.step === "tasks" && plan.status === "running" ? plan : undefined
  const failed = plan?.step === "tasks" && plan.status !== "running" && plan.reason ? plan : undefined
  const shown = status ? tasks.data.filter((task) => task.status === status) : tasks.data
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {failed && <PlanFailure plan={failed} />}
      {extracting && (
        <div className="max-w-7xl px-4 pt-4 sm:px-6">
          <PlanProgress plan={extracting} made={drafts?.tasks.length ?? 0} />
          <TaskDrafts titles={drafts?.tasks ?? []} />
        </div>
      )}
      {tasks.data.length === 0 && !extracting && <NoTasks projectId={projectId} />}
      {tasks.data.length > 0 && (
        <div className="max-w-7xl px-4 py-4 sm:px-6">
          <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
            <Filter tasks={tasks.data} status={status} projectId={projectId} />
            <span className="ml-auto">
              <LoopControls projectId={projectId} startOnly />
            </span>
          </div>
          <ol className="-mx-3 flex flex-col">
            {shown.map((task) => (
              <TaskRow key={task.id} task={task} byId={byId} />
            ))}
          </ol>
          {shown.length === 0 && <Empty title="No task is in this state" />}
        </div>
      )}
    </div>
  )
}

type FilterProps = { tasks: readonly Task[]; status: Task["status"] | undefined; projectId: string }

function Filter({ tasks, status, projectId }: FilterProps) {
  const to = { to: "/projects/$projectId/tasks", params: { projectId } } as const
  const chip = (chosen: boolean) =>
    cx(
      "flex items-center gap-1.5 rounded-md px-2 py-1 text-sm pointer-coarse:py-2",
      chosen ? "bg-hover text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
    )
  return (
    <nav aria-label="Filter by status" className="-mx-2 flex flex-wrap gap-0.5">
      <Link {...to} search={{}} className={chip(!status)} aria-current={status ? undefined : "true"}>
        All <span className="text-ink-3 tabular-nums">{tasks.length}</span>
      </Link>
      {toTallies(tasks).map((tally) => (
        <Link
          key={tally.status}
          {...to}
          search={{ status: tally.status }}
          className={chip(status === tally.status)}
          aria-current={status === tally.status ? "true" : undefined}
        >
          <StatusIcon status={tally.status} className="size-3.5" />
          <span className="first-letter:uppercase">{statusWords[tally.status]}</span>
          <span className="text-ink-3 tabular-nums">{tally.count}</span>
        </Link>
      ))}
    </nav>
  )
}

function NoTasks({ projectId }: { projectId: string }) {
  const specs = useSpecs(projectId)
  if ((specs.data?.length ?? 0) === 0) {
    return (
      <Empty title="No tasks yet">
        Tasks are made from specs, and there are none yet. Begin with the requirements of this project.
      </Empty>
    )
  }
  return (
    <Empty title="No tasks yet" actions={<ExtractTasks projectId={projectId} />}>
      Aura turns every spec into tasks small enough to prove, with what each depends on and the checks it must
      pass.
    </Empty>
  )
}

function TaskDrafts({ titles }: { titles: readonly { index: number; title: string }[] }) {
  return (
    <ol className="mt-2 flex flex-col" aria-label="Drafts">
      {titles.map((draft, place) => (
        <li
          key={draft.index}
          className="flex animate-arrive items-center gap-3 border-line border-b px-3 py-2.5 last:border-0"
        >
          <StatusIcon status="pending" />
          <span className="w-6 text-right text-ink-3 text-sm tabular-nums">{place + 1}</span>
          <span className="min-w-0 truncate">{draft.title || "…"}</span>
        </li>
      ))}
    </ol>
  )
}
