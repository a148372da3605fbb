/** Where a task comes from, what it waits for, what it must pass and what it cost. */
import type { Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { formatDuration, formatMoney, formatTime, shortHash } from "../../components/format.ts"
import { RequirementChips } from "../../components/RequirementChips.tsx"
import { StatusIcon, StatusWord } from "../../components/StatusIcon.tsx"
import { useNow } from "../../hooks/useNow.ts"
import { workedMs } from "../../parts/task/tasks.logic.ts"

type Props = { task: Task; tasks: readonly Task[]; specTitle: string | undefined }

export function TaskFacts({ task, tasks, specTitle }: Props) {
  const now = useNow(task.status === "in_progress")
  const worked = workedMs(task, now)
  const before = tasks.filter((other) => task.dependsOn.includes(other.id))
  const after = tasks.filter((other) => other.dependsOn.includes(task.id))
  const { projectId } = task
  return (
    <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2.5 text-sm">
      {specTitle && (
        <Fact name="From spec">
          <Link
            to="/projects/$projectId/specs/$specId"
            params={{ projectId, specId: task.specId }}
            className="hover:underline"
          >
            {specTitle}
          </Link>
        </Fact>
      )}
      {task.requirementIds.length > 0 && (
        <Fact name="Answers">
          <RequirementChips projectId={projectId} ids={task.requirementIds} />
        </Fact>
      )}
      <Others name="Depends on" tasks={before} />
      {task.status === "done" && before.some(({ status }) => status !== "done") && (
        <Fact name="Mind">What it builds on is open again, so it may have to be done anew.</Fact>
      )}
      <Others name="Needed by" tasks={after} />
      {task.checks.length > 0 && (
        <Fact name="Must pass">
          <ul className="flex flex-col gap-0.5">
            {task.checks.map((check) => (
              <li key={check} className="font-mono text-xs leading-5 wrap-anywhere">
                {check}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {task.commit && (
        <Fact name="Commit">
          <code className="select-all font-mono text-xs" title={task.commit}>
            {shortHash(task.commit)}
          </code>
        </Fact>
      )}
      {task.usage.costUsd > 0 && <Fact name="Cost">{formatMoney(task.usage.costUsd)}</Fact>}
      {worked !== undefined && (
        <Fact name="Time">
          {formatDuration(worked)}
          {task.startedAt && <span className="text-ink-3">, from {formatTime(task.startedAt)}</span>}
        </Fact>
      )}
      {task.lessons.length > 0 && (
        <Fact name="Lessons">
          <ul className="list-disc pl-4">
            {task.lessons.map((lesson) => (
              <li key={lesson} className="wrap-anywhere">
                {lesson}
              </li>
            ))}
          </ul>
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 tabular-nums">{children}</dd>
    </>
  )
}

function Others({ name, tasks }: { name: string; tasks: readonly Task[] }) {
  if (tasks.length === 0) return null
  return (
    <Fact name={name}>
      <ul className="flex flex-col gap-1">
        {tasks.map((task) => (
          <li key={task.id}>
            <Link
              to="/projects/$projectId/tasks/$taskId"
              params={{ projectId: task.projectId, taskId: task.id }}
              className="flex items-start gap-2 hover:underline"
            >
              <StatusIcon status={task.status} className="mt-0.5" />
              <span className="min-w-0">
                {task.title}
                <StatusWord status={task.status} className="sr-only" />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Fact>
  )
}
