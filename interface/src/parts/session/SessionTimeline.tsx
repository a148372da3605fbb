/** The timeline of a session or a task, with names that lead to their pages. */
import type { Session } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { lazy, Suspense, useCallback } from "react"
import { useSessions } from "../../api/queries/agents.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Empty, Loading } from "../../components/Placeholder.tsx"
import type { RenderName } from "../../components/TimelineItem.tsx"
import type { Item } from "../../components/timeline.logic.ts"

const Timeline = lazy(() => import("../../components/Timeline.tsx"))

type Props = {
  session: Pick<Session, "projectId" | "status">
  items: readonly Item[]
  loading: boolean
  follow?: boolean
  label: string
  /** Key of the item to begin at. */
  reveal?: string | undefined
}

export function SessionTimeline({ session, items, loading, follow = false, label, reveal }: Props) {
  const renderName = useNames(session.projectId)
  if (loading) return <Loading rows={6} />
  if (items.length === 0) {
    return (
      <Empty title={session.status === "active" ? "Waiting for the first word" : "Nothing happened here"} />
    )
  }
  return (
    <Suspense fallback={<Loading rows={6} />}>
      <Timeline
        items={items}
        follow={follow}
        label={label}
        reveal={reveal}
        renderName={renderName}
        className="flex-1"
      />
    </Suspense>
  )
}

function useNames(projectId: string): RenderName {
  const tasks = useTasks(projectId).data
  const sessions = useSessions(projectId).data
  return useCallback(
    (kind, id) => {
      if (kind === "task") {
        const task = tasks?.find((row) => row.id === id)
        if (!task) return "Another task"
        return (
          <Link
            to="/projects/$projectId/tasks/$taskId"
            params={{ projectId, taskId: id }}
            className="truncate font-medium text-ink-2 hover:text-ink hover:underline"
          >
            {task.order}. {task.title}
          </Link>
        )
      }
      const session = sessions?.find((row) => row.id === id)
      if (!session) return "Another session"
      return (
        <Link
          to="/projects/$projectId/sessions/$sessionId"
          params={{ projectId, sessionId: id }}
          className="text-accent text-xs hover:underline"
        >
          Session {session.number}
        </Link>
      )
    },
    [tasks, sessions, projectId],
  )
}
