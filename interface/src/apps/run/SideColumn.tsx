/** Beside the live timeline: the session's context, what it costs, and the checks of the task at hand. */
import type { Session, Task } from "@aura/core"
import { useProgress, useProject } from "../../api/queries.ts"
import { Beside } from "../../components/Beside.tsx"
import { Facts } from "../../components/Facts.tsx"
import { count, formatClock, formatMoney, formatPercent, formatTokens } from "../../components/format.ts"
import { Meter } from "../../components/Meter.tsx"
import { StatusIcon } from "../../components/StatusIcon.tsx"
import type { Item } from "../../components/timeline.logic.ts"
import { ContextMeter } from "../sessions/ContextMeter.tsx"
import { toTaskChecks } from "./checks.logic.ts"

type Props = {
  projectId: string
  session: Session | undefined
  task: Task | undefined
  items: readonly Item[]
}

export function SideColumn({ projectId, session, task, items }: Props) {
  return (
    <Beside label="Figures of the run" summary={<Summary projectId={projectId} session={session} />}>
      {session && <ContextMeter session={session} />}
      <Cost projectId={projectId} />
      {task && task.checks.length > 0 && <Checks task={task} items={items} />}
    </Beside>
  )
}

function Summary({ projectId, session }: { projectId: string; session: Session | undefined }) {
  const project = useProject(projectId).data
  const context =
    session && `Session ${session.number} · ${formatPercent(session.contextUsage)} of the context`
  return [context, project && formatMoney(project.usage.costUsd)].filter(Boolean).join(" · ")
}

function Cost({ projectId }: { projectId: string }) {
  const project = useProject(projectId).data
  const progress = useProgress(projectId).data
  if (!project || !progress) return null
  const spent = Math.max(project.usage.costUsd, progress.costUsd)
  const budget = progress.budgetUsd
  const { usage } = project
  return (
    <section>
      <h2 className="mb-2 font-medium text-ink-3 text-sm">Cost</h2>
      <p className="mb-2 text-xl tabular-nums tracking-tight">
        {formatMoney(spent)}
        {budget !== null && <span className="text-base text-ink-3"> of {formatMoney(budget)}</span>}
      </p>
      {budget !== null && budget > 0 && (
        <Meter
          label="Budget"
          value={spent / budget}
          tone={spent / budget > 0.85 ? "warn" : "accent"}
          text={`${formatMoney(spent)} of ${formatMoney(budget)}`}
        />
      )}
      <Facts
        className="mt-3"
        facts={[
          ["Read from cache", formatTokens(usage.cacheReadTokens)],
          ["Written to cache", formatTokens(usage.cacheWriteTokens)],
          ["Fresh input", formatTokens(usage.inputTokens)],
          ["Output", formatTokens(usage.outputTokens)],
          ["Sessions", String(progress.sessions)],
          ["Time spent", formatClock(progress.elapsedMs)],
          progress.unprovenRequirements.length > 0 && [
            "Not proven yet",
            count(progress.unprovenRequirements.length, "requirement"),
          ],
        ]}
      />
    </section>
  )
}

const icons = { waiting: "pending", running: "in_progress", passed: "done", failed: "failed" } as const

function Checks({ task, items }: { task: Task; items: readonly Item[] }) {
  return (
    <section>
      <h2 className="mb-2 font-medium text-ink-3 text-sm">Checks of this task</h2>
      <ul className="flex flex-col gap-1.5">
        {toTaskChecks(task.checks, items).map((check) => (
          <li key={check.command} className="flex items-start gap-2">
            <StatusIcon status={icons[check.state]} className="mt-0.5" />
            <span className="min-w-0 flex-1 font-mono text-xs leading-5 wrap-anywhere">{check.command}</span>
            <span className="sr-only">{check.state}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
