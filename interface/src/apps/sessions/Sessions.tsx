/** Every session of the project: how full it got, what it cost, how it ended. */
import type { Session } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { useInstances, useSessions } from "../../api/queries/agents.ts"
import { count, formatDuration, formatMoney, formatPercent, formatTime } from "../../components/format.ts"
import { Meter } from "../../components/Meter.tsx"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { useAtWork } from "../../parts/run/useAtWork.ts"
import { SessionStatus } from "./SessionStatus.tsx"

export default function Sessions() {
  const projectId = useProjectId()
  const sessions = useSessions(projectId)
  const instances = useInstances(projectId)
  const atWork = useAtWork(projectId)
  if (sessions.isError) return <Problem error={sessions.error} onRetry={() => void sessions.refetch()} />
  if (!sessions.data) return <Loading />
  if (sessions.data.length === 0) {
    return (
      <Empty title="Nobody has worked here yet">
        A session is one context window of the model. When it fills up, a fresh one begins and what matters is
        carried over; both stay here to read.
      </Empty>
    )
  }
  const names = new Map(instances.data?.map((instance) => [instance.id, instance.name]))
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <ol className="flex max-w-7xl flex-col px-1 py-2 sm:px-3">
        {sessions.data.toReversed().map((session) => (
          <li key={session.id} className="border-line border-b last:border-0">
            <Row
              session={session}
              agent={names.size > 1 ? names.get(session.instanceId) : undefined}
              atWork={atWork?.sessionId === session.id}
            />
          </li>
        ))}
      </ol>
    </div>
  )
}

const kinds = { plan: "Planning", work: "Work", chat: "Chat", review: "Review" } as const

type RowProps = { session: Session; agent: string | undefined; atWork: boolean }

function Row({ session, agent, atWork }: RowProps) {
  const end = session.finishedAt
  const lasted = end === null ? undefined : Math.max(0, Date.parse(end) - Date.parse(session.startedAt))
  return (
    <Link
      to="/projects/$projectId/sessions/$sessionId"
      params={{ projectId: session.projectId, sessionId: session.id }}
      data-row
      className="flex items-center gap-4 rounded-md px-3 py-3 hover:bg-hover"
    >
      <span className="w-8 shrink-0 text-right text-ink-3 tabular-nums">{session.number}</span>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="font-medium">{kinds[session.kind]}</span>
          <span className="truncate text-ink-3 text-sm">
            {session.model}
            {agent && ` · ${agent}`}
          </span>
        </span>
        <span className="block truncate text-ink-3 text-sm tabular-nums">
          {formatTime(session.startedAt)}
          {lasted !== undefined && ` · ${formatDuration(lasted)}`} · {count(session.turns, "turn")}
        </span>
      </span>
      <span className="hidden w-40 shrink-0 items-center gap-3 sm:flex">
        <Meter
          label="Context used"
          value={session.contextUsage}
          mark={session.rotateAt}
          text={formatPercent(session.contextUsage)}
        />
        <span className="w-11 shrink-0 text-right text-ink-2 text-sm tabular-nums">
          {formatPercent(session.contextUsage)}
        </span>
      </span>
      <span className="hidden w-16 text-right text-ink-3 text-sm tabular-nums sm:block">
        {formatMoney(session.usage.costUsd)}
      </span>
      <SessionStatus status={session.status} atWork={atWork} className="w-28 text-sm" />
    </Link>
  )
}
