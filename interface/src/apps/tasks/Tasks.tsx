/** The tasks in order, each with its status and what it waits for. */
import type { Task } from "@aura/core"
import { Link, useSearch } from "@tanstack/react-router"
import { Columns3, List, Network, Plus, X } from "lucide-react"
import { lazy, Suspense, useRef, useState } from "react"
import { usePlanDrafts } from "../../api/drafts.ts"
import { usePlans, useSpecs } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { IconButton } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { StatusIcon, statusWords } from "../../components/StatusIcon.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { ExtractTasks } from "../../parts/plan/ExtractTasks.tsx"
import { PlanFailure, PlanProgress } from "../../parts/plan/PlanProgress.tsx"
import { newestPlan } from "../../parts/project/project-state.logic.ts"
import { LoopControls } from "../../parts/run/LoopControls.tsx"
import { parseTaskSearch, type TaskSearch, taskViews, toTallies } from "../../parts/task/tasks.logic.ts"
import { PlanReview } from "./PlanReview.tsx"

const Board = lazy(() => import("./Board.tsx"))
const Graph = lazy(() => import("./Graph.tsx"))
const TaskList = lazy(() => import("./TaskList.tsx"))
const TaskForm = lazy(() => import("./TaskForm.tsx"))

export default function Tasks() {
  const projectId = useProjectId()
  const search = useSearch({ from: "/shell/projects/$projectId/tasks" })
  const { status, view = "list", requirement } = search
  const tasks = useTasks(projectId)
  const plan = newestPlan(usePlans(projectId).data)
  const drafts = usePlanDrafts(projectId)
  const scroller = useRef<HTMLDivElement>(null)
  if (tasks.isError) return <Problem error={tasks.error} onRetry={() => void tasks.refetch()} />
  if (!tasks.data) return <Loading />
  const extracting = plan?.step === "tasks" && plan.status === "running" ? plan : undefined
  const failed = plan?.step === "tasks" && plan.status !== "running" && plan.reason ? plan : undefined
  const isShown = (task: Task) =>
    (!status || task.status === status) && (!requirement || task.requirementIds.includes(requirement))
  const shown = tasks.data.filter(isShown)
  return (
    <div
      ref={scroller}
      className={cx("relative min-h-0 flex-1", view === "list" ? "overflow-y-auto" : "flex flex-col")}
    >
      {failed && <PlanFailure plan={failed} />}
      {extracting && (
        <div className="max-w-7xl px-4 pt-4 sm:px-6">
          <PlanProgress plan={extracting} made={drafts?.tasks.length ?? 0} />
          <TaskDrafts titles={drafts?.tasks ?? []} />
        </div>
      )}
      {tasks.data.length === 0 && !extracting && <NoTasks projectId={projectId} />}
      {tasks.data.length > 0 && (
        <>
          <div className={cx("px-4 pt-4 sm:px-6", view === "list" && "max-w-7xl")}>
            <PlanReview projectId={projectId} tasks={tasks.data} />
            <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
              <Filter tasks={tasks.data} search={search} projectId={projectId} />
              <span className="ml-auto flex items-center gap-2">
                <Views search={search} projectId={projectId} />
                <AddTask projectId={projectId} tasks={tasks.data} />
                <LoopControls projectId={projectId} startOnly />
              </span>
            </div>
          </div>
          <Suspense fallback={<Loading />}>
            {view === "board" && <Board tasks={shown} />}
            {view === "graph" && <Graph tasks={tasks.data} dimmed={(task) => !isShown(task)} />}
          </Suspense>
          {view === "list" && (
            <div className="max-w-7xl px-4 pb-4 sm:px-6">
              <TaskList projectId={projectId} all={tasks.data} shown={shown} scroller={scroller} />
              {shown.length === 0 && (
                <Empty
                  title={requirement ? `No such task names ${requirement}` : "No task is in this state"}
                />
              )}
            </div>
          )}
        </>
      )}
    </div>
  )
}

function AddTask({ projectId, tasks }: { projectId: string; tasks: readonly Task[] }) {
  const [open, setOpen] = useState(false)
  const specs = useSpecs(projectId).data ?? []
  if (specs.length === 0) return null
  return (
    <>
      <IconButton
        label="Add a task"
        icon={<Plus aria-hidden="true" className="size-4" />}
        onClick={() => setOpen(true)}
      />
      {open && (
        <Suspense>
          <TaskForm projectId={projectId} specs={specs} tasks={tasks} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

const viewIcons = { list: List, board: Columns3, graph: Network } as const
const viewWords = { list: "List", board: "Board", graph: "Graph" } as const

function Views({ search, projectId }: { search: TaskSearch; projectId: string }) {
  const { view = "list" } = search
  return (
    <nav aria-label="View" className="flex gap-0.5 rounded-lg bg-sunken p-0.5">
      {taskViews.map((name) => {
        const Icon = viewIcons[name]
        return (
          <Link
            key={name}
            to="/projects/$projectId/tasks"
            params={{ projectId }}
            search={parseTaskSearch({ ...search, view: name })}
            aria-label={viewWords[name]}
            title={viewWords[name]}
            aria-current={view === name ? "true" : undefined}
            className={cx(
              "flex h-7 w-8 items-center justify-center rounded-md pointer-coarse:size-10",
              view === name ? "bg-raised text-ink ring-1 ring-line-strong" : "text-ink-2 hover:text-ink",
            )}
          >
            <Icon aria-hidden="true" className="size-4" />
          </Link>
        )
      })}
    </nav>
  )
}

type FilterProps = { tasks: readonly Task[]; search: TaskSearch; projectId: string }

function Filter({ tasks, search, projectId }: FilterProps) {
  const { status, requirement, ...rest } = search
  const others = requirement ? { ...rest, requirement } : rest
  const to = { to: "/projects/$projectId/tasks", params: { projectId } } as const
  const chip = (chosen: boolean) =>
    cx(
      "flex items-center gap-1.5 rounded-md px-2 py-1 text-sm pointer-coarse:py-2",
      chosen ? "bg-hover text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
    )
  return (
    <nav aria-label="Filter by status" className="-mx-2 flex flex-wrap gap-0.5">
      <Link
        {...to}
        search={parseTaskSearch(others)}
        className={chip(!status)}
        aria-current={status ? undefined : "true"}
      >
        All <span className="text-ink-3 tabular-nums">{tasks.length}</span>
      </Link>
      {toTallies(tasks).map((tally) => (
        <Link
          key={tally.status}
          {...to}
          search={parseTaskSearch({ ...others, status: tally.status })}
          className={chip(status === tally.status)}
          aria-current={status === tally.status ? "true" : undefined}
        >
          <StatusIcon status={tally.status} className="size-3.5" />
          <span className="first-letter:uppercase">{statusWords[tally.status]}</span>
          <span className="text-ink-3 tabular-nums">{tally.count}</span>
        </Link>
      ))}
      {requirement && (
        <Link {...to} search={parseTaskSearch({ ...rest, status })} className={chip(true)}>
          For {requirement}
          <X aria-hidden="true" className="size-3.5 text-ink-3" />
          <span className="sr-only">Show the tasks of all requirements</span>
        </Link>
      )}
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
