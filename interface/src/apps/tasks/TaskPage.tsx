/** One task: what is asked, how it was proven or why it failed, and all that happened. */
import type { Task } from "@aura/core"
import { useParams } from "@tanstack/react-router"
import { Play } from "lucide-react"
import { useCommand } from "../../api/commands.ts"
import { useLoops } from "../../api/queries/loops.ts"
import { useSpecs } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Button } from "../../components/Button.tsx"
import { Markdown } from "../../components/Markdown.tsx"
import { NotFound } from "../../components/NotFound.tsx"
import { Loading, Problem } from "../../components/Placeholder.tsx"
import { StatusIcon, StatusWord } from "../../components/StatusIcon.tsx"
import { useSubject } from "../../hooks/useTitle.ts"
import { newest } from "../../parts/project/project-state.logic.ts"
import { useTaskItems } from "../../parts/run/useTaskItems.ts"
import { SessionTimeline } from "../../parts/session/SessionTimeline.tsx"
import { Evidence } from "./Evidence.tsx"
import { FilesChanged } from "./FilesChanged.tsx"
import { TaskFacts } from "./TaskFacts.tsx"
import { TaskFailure } from "./TaskFailure.tsx"
import { TaskMenu } from "./TaskMenu.tsx"

export default function TaskPage() {
  const { projectId, taskId } = useParams({ from: "/shell/projects/$projectId/tasks/$taskId" })
  const tasks = useTasks(projectId)
  if (tasks.isError) return <Problem error={tasks.error} onRetry={() => void tasks.refetch()} />
  if (!tasks.data) return <Loading rows={8} />
  const task = tasks.data.find((row) => row.id === taskId)
  if (!task) return <NotFound />
  return <Page key={task.id} task={task} tasks={tasks.data} />
}

function Page({ task, tasks }: { task: Task; tasks: readonly Task[] }) {
  const spec = useSpecs(task.projectId).data?.find((row) => row.id === task.specId)
  useSubject(task.title)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto xl:flex xl:overflow-hidden">
      <article className="min-w-0 px-4 py-5 sm:px-6 xl:w-[46%] xl:max-w-3xl xl:shrink-0 xl:overflow-y-auto">
        <header className="flex items-start gap-3">
          <StatusIcon status={task.status} className="mt-1.5 size-5" />
          <div className="mr-auto min-w-0">
            <h2 className="text-pretty font-semibold text-xl tracking-tight">{task.title}</h2>
            <p className="mt-0.5 text-ink-3 text-sm">
              Task {task.order} · <StatusWord status={task.status} />
              {task.attempts > 1 && ` · attempt ${task.attempts}`}
            </p>
          </div>
          <RunThis task={task} />
          <TaskMenu task={task} tasks={tasks} />
        </header>
        <div className="mt-6 flex flex-col gap-8">
          <TaskFailure task={task} />
          <Markdown text={task.description} small />
          <Evidence task={task} />
          <TaskFacts task={task} tasks={tasks} specTitle={spec?.title} />
          <FilesChanged task={task} />
        </div>
      </article>
      <WhatHappened task={task} />
    </div>
  )
}

function RunThis({ task }: { task: Task }) {
  const loop = newest(useLoops(task.projectId).data)
  const run = useCommand("runTask")
  if (task.status !== "ready" || (loop && loop.status !== "finished")) return null
  return (
    <Button
      busy={run.isPending}
      icon={<Play aria-hidden="true" className="size-3.5" />}
      onClick={() => run.mutate({ params: { p: task.projectId, t: task.id } })}
    >
      Only this task
    </Button>
  )
}

function WhatHappened({ task }: { task: Task }) {
  const working = task.status === "in_progress"
  const { items, output } = useTaskItems(task)
  if (output.isError) return <Problem error={output.error} onRetry={() => void output.refetch()} />
  if (task.attempts === 0 && items.length === 0) return null
  return (
    <section
      aria-label="Timeline"
      className="flex h-[80dvh] min-w-0 flex-col border-line border-t xl:h-auto xl:flex-1 xl:border-t-0 xl:border-l"
    >
      <SessionTimeline
        session={{ projectId: task.projectId, status: working ? "active" : "completed" }}
        items={items}
        loading={output.isPending}
        follow={working}
        label="What happened"
      />
    </section>
  )
}
