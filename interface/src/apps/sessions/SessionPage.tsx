/** One session: all that happened in it, and exactly what it handed over. */
import { Link, useParams, useSearch } from "@tanstack/react-router"
import { useMemo } from "react"
import { useSessionDrafts } from "../../api/drafts.ts"
import { useEntries, useSessions } from "../../api/queries/agents.ts"
import { Beside } from "../../components/Beside.tsx"
import { Facts } from "../../components/Facts.tsx"
import { formatMoney, formatPercent, formatTime, formatTokens } from "../../components/format.ts"
import { HandOffCard } from "../../components/HandOffCard.tsx"
import { NotFound } from "../../components/NotFound.tsx"
import { Loading, Problem } from "../../components/Placeholder.tsx"
import { addLive, toItems } from "../../components/timeline.logic.ts"
import { useSubject } from "../../hooks/useTitle.ts"
import { useAtWork } from "../../parts/run/useAtWork.ts"
import { ContextMeter } from "../../parts/session/ContextMeter.tsx"
import { SessionTimeline } from "../../parts/session/SessionTimeline.tsx"
import { SessionStatus } from "./SessionStatus.tsx"

export default function SessionPage() {
  const { projectId, sessionId } = useParams({ from: "/shell/projects/$projectId/sessions/$sessionId" })
  const { entry } = useSearch({ from: "/shell/projects/$projectId/sessions/$sessionId" })
  const sessions = useSessions(projectId)
  const session = sessions.data?.find((row) => row.id === sessionId)
  const entries = useEntries(session)
  const drafts = useSessionDrafts(sessionId)
  const atWork = useAtWork(projectId)
  const stored = useMemo(
    () => toItems(entries.data ?? [], { atWork, divide: "task" }),
    [entries.data, atWork],
  )
  const items = useMemo(() => addLive(stored, drafts, sessionId), [stored, drafts, sessionId])
  useSubject(session && `Session ${session.number}`)
  const failed = [sessions, entries].find((query) => query.isError)
  if (failed) return <Problem error={failed.error} onRetry={() => void failed.refetch()} />
  if (!sessions.data) return <Loading rows={8} />
  if (!session) return <NotFound />
  const next = sessions.data.find((row) => row.previousId === session.id)
  const previous = sessions.data.find((row) => row.id === session.previousId)
  return (
    <div className="flex min-h-0 flex-1 flex-col-reverse lg:flex-row">
      <section aria-label="Timeline" className="flex min-h-0 min-w-0 flex-1 flex-col">
        <SessionTimeline
          session={session}
          items={items}
          loading={entries.isPending}
          follow={entry === undefined && atWork?.sessionId === sessionId}
          reveal={entry}
          label="What happened"
        />
      </section>
      <Beside
        label="About this session"
        summary={`Session ${session.number} · ${formatPercent(session.contextUsage)} of the context · ${formatMoney(session.usage.costUsd)}`}
      >
        <header className="flex items-center gap-3">
          <h2 className="mr-auto font-semibold text-lg tracking-tight">Session {session.number}</h2>
          <SessionStatus
            status={session.status}
            atWork={atWork?.sessionId === session.id}
            className="text-sm"
          />
        </header>
        <ContextMeter session={session} linked={false} />
        <Facts
          facts={[
            ["Began", formatTime(session.startedAt)],
            session.finishedAt !== null && ["Ended", formatTime(session.finishedAt)],
            ["Cost", formatMoney(session.usage.costUsd)],
            ["Read from cache", formatTokens(session.usage.cacheReadTokens)],
            ["Output", formatTokens(session.usage.outputTokens)],
            previous && ["Continues", <Jump key="previous" projectId={projectId} session={previous} />],
            next && ["Continued by", <Jump key="next" projectId={projectId} session={next} />],
          ]}
        />
        {session.handOff ? (
          <HandOffCard handOff={session.handOff} />
        ) : (
          session.summary && (
            <p className="whitespace-pre-wrap text-pretty text-ink-2 text-sm">{session.summary}</p>
          )
        )}
      </Beside>
    </div>
  )
}

function Jump({ projectId, session }: { projectId: string; session: { id: string; number: number } }) {
  return (
    <Link
      to="/projects/$projectId/sessions/$sessionId"
      params={{ projectId, sessionId: session.id }}
      className="text-accent hover:underline"
    >
      Session {session.number}
    </Link>
  )
}
