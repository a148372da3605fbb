/** What happened in the project, newest first: what a person reads in the morning. */
import { Link } from "@tanstack/react-router"
import { ListChecks, type LucideIcon, Pause, Play, Square } from "lucide-react"
import type { ReactNode } from "react"
import { useLoops } from "../../api/queries/loops.ts"
import { usePlans, useSpecs } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { cx } from "../../components/cx.ts"
import { count, formatDuration, formatMoney, shortHash } from "../../components/format.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { StatusIcon, statusWords } from "../../components/StatusIcon.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { type Moment, toDays, toMoments } from "./history.logic.ts"

export default function History() {
  const projectId = useProjectId()
  const [plans, loops, tasks, specs] = [
    usePlans(projectId),
    useLoops(projectId),
    useTasks(projectId),
    useSpecs(projectId),
  ]
  const failed = [plans, loops, tasks, specs].find((one) => one.isError)
  if (failed) return <Problem error={failed.error} onRetry={() => void failed.refetch()} />
  if (!plans.data || !loops.data || !tasks.data || !specs.data) return <Loading />
  const rows = { plans: plans.data, loops: loops.data, tasks: tasks.data, specs: specs.data }
  const days = toDays(toMoments(rows), nameDay)
  if (days.length === 0) {
    return (
      <Empty title="Nothing has happened yet">
        Plans, runs and finished tasks stand here in the order they came, with what proved them and their
        commit.
      </Empty>
    )
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="max-w-4xl px-1 py-2 sm:px-3">
        {days.map(({ day, moments }) => (
          <section key={day} aria-label={day} className="pb-4">
            <h2 className="sticky top-0 bg-surface px-3 py-2 font-medium text-ink-2 text-sm">{day}</h2>
            <ol>
              {moments.map((moment) => (
                <li key={moment.id} className="[contain-intrinsic-size:auto_3rem] [content-visibility:auto]">
                  <Row moment={moment} />
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
    </div>
  )
}

function Row({ moment }: { moment: Moment }) {
  switch (moment.kind) {
    case "task":
      return <TaskRow {...moment} />
    case "plan": {
      const { plan, about } = moment
      const what = {
        specs: "Specs",
        tasks: "Tasks",
        spec: about ? `A new version of “${about}”` : "A new version of a spec",
        look_over: "A look over the document",
      }
      const isLook = plan.step === "look_over"
      const how = {
        running: isLook ? "running" : "being written",
        finished: isLook ? "finished" : "written",
        failed: "failed",
        stopped: "stopped",
      }
      return (
        <Line at={moment.at} icon={ListChecks} tone={plan.status === "failed" ? "text-bad" : "text-ink-3"}>
          <Words title={`${what[plan.step]} ${how[plan.status]}`} more={plan.reason ?? lasted(plan)} />
        </Line>
      )
    }
    case "begun":
      return (
        <Line at={moment.at} icon={Play} tone="text-ink-3">
          <Words title={moment.loop.onlyTaskId ? "Run of one task started" : "Run started"} />
        </Line>
      )
    case "ended": {
      const { loop, done } = moment
      return (
        <Line
          at={moment.at}
          icon={loop.outcome === "done" ? Square : Pause}
          tone={loop.outcome === "done" || loop.outcome === "stopped" ? "text-ink-3" : "text-warn"}
        >
          <Words
            title={`Run ended after ${lasted(loop) ?? "a moment"}: ${count(done, "task")} done`}
            more={loop.reason ?? undefined}
          />
        </Line>
      )
    }
  }
}

function TaskRow({ task, at }: Extract<Moment, { kind: "task" }>) {
  const checks = task.evidence?.checks.length ?? 0
  const proof =
    task.status === "done"
      ? `${count(checks, "check")} passed · ${count(task.filesChanged.length, "file")}`
      : (task.failure ?? statusWords[task.status])
  return (
    <Link
      to="/projects/$projectId/tasks/$taskId"
      params={{ projectId: task.projectId, taskId: task.id }}
      data-row
      className="flex items-start gap-3 rounded-md px-3 py-2 hover:bg-hover"
    >
      <StatusIcon status={task.status} className="mt-0.5" />
      <Words
        title={task.title}
        more={proof}
        status={task.status === "done" ? undefined : statusWords[task.status]}
      />
      <span className="hidden shrink-0 text-right text-ink-3 text-xs leading-5 tabular-nums sm:block">
        {task.commit && <code className="font-mono">{shortHash(task.commit)}</code>}
        <span className="block">{formatMoney(task.usage.costUsd)}</span>
      </span>
      <Time at={at} />
    </Link>
  )
}

type LineProps = { at: string; icon: LucideIcon; tone: string; children: ReactNode }

function Line({ at, icon: Icon, tone, children }: LineProps) {
  return (
    <div className="flex items-start gap-3 px-3 py-2">
      <Icon aria-hidden="true" className={cx("mt-0.5 size-4 shrink-0", tone)} />
      {children}
      <Time at={at} />
    </div>
  )
}

function Words({
  title,
  more,
  status,
}: {
  title: string
  more?: string | undefined
  status?: string | undefined
}) {
  return (
    <span className="min-w-0 flex-1">
      <span className="block text-sm wrap-anywhere">
        {title}
        {status && <span className="text-ink-2"> · {status}</span>}
      </span>
      {more && <span className="line-clamp-2 text-ink-3 text-xs leading-5 wrap-anywhere">{more}</span>}
    </span>
  )
}

function Time({ at }: { at: string }) {
  const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false })
  return (
    <time dateTime={at} className="w-11 shrink-0 text-right text-ink-3 text-xs leading-5 tabular-nums">
      {time}
    </time>
  )
}

function lasted({
  startedAt,
  finishedAt,
}: {
  startedAt: string
  finishedAt: string | null
}): string | undefined {
  return finishedAt === null
    ? undefined
    : formatDuration(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)))
}

function nameDay(iso: string): string {
  return new Date(iso).toLocaleDateString([], {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  })
}
