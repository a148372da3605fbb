/** The middle of the cockpit: the timeline of a session or a task, and the field for comments below it. */
import type { Session, Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import type { ReactNode } from "react"
import { buttonClass } from "../../components/Button.tsx"
import { StatusIcon, StatusWord } from "../../components/StatusIcon.tsx"
import { CommentStates, Composer, useCommentsOn } from "../../parts/comment/Composer.tsx"
import { useTaskItems } from "../../parts/run/useTaskItems.ts"
import { SessionTimeline } from "../../parts/session/SessionTimeline.tsx"
import { useChangeView } from "./useRunView.ts"
import { useSessionItems } from "./useSessionItems.ts"

export function SessionLive({ session, travelled }: { session: Session; travelled: boolean }) {
  const { items, entries } = useSessionItems(session)
  return (
    <>
      {travelled && (
        <Looking title={`Session ${session.number}`}>
          <Link
            to="/projects/$projectId/sessions/$sessionId"
            params={{ projectId: session.projectId, sessionId: session.id }}
            className={buttonClass("quiet", "small")}
          >
            Open
            <ArrowUpRight aria-hidden="true" className="size-3.5" />
          </Link>
        </Looking>
      )}
      <SessionTimeline
        session={session}
        items={items}
        loading={entries.isPending}
        follow
        label={travelled ? "What happened" : "What happens now"}
      />
    </>
  )
}

export function TaskLive({ task }: { task: Task }) {
  const { items, output } = useTaskItems(task)
  return (
    <>
      <Looking title={`${task.order}. ${task.title}`} icon={<StatusIcon status={task.status} />}>
        <StatusWord status={task.status} className="text-sm" />
        <Link
          to="/projects/$projectId/tasks/$taskId"
          params={{ projectId: task.projectId, taskId: task.id }}
          className={buttonClass("quiet", "small")}
        >
          Open
          <ArrowUpRight aria-hidden="true" className="size-3.5" />
        </Link>
      </Looking>
      <SessionTimeline
        session={{
          projectId: task.projectId,
          status: task.status === "in_progress" ? "active" : "completed",
        }}
        items={items}
        loading={output.isPending}
        follow
        label="What happened"
      />
    </>
  )
}

/** The heading over something other than the current work, with the way back to it. */
function Looking({ title, icon, children }: { title: string; icon?: ReactNode; children: ReactNode }) {
  const change = useChangeView()
  return (
    <div className="flex shrink-0 items-center gap-2 border-line border-b py-1.5 pr-2 pl-4">
      {icon}
      <h2 className="mr-auto min-w-0 truncate font-medium text-sm">{title}</h2>
      {children}
      <button
        type="button"
        className={buttonClass("quiet", "small")}
        onClick={() => change({ task: undefined, session: undefined })}
      >
        Back to now
      </button>
    </div>
  )
}

export function Comments({ projectId, task }: { projectId: string; task: Task | undefined }) {
  const comments = useCommentsOn(projectId, (comment) => task === undefined || comment.taskId === task.id)
  return (
    <div className="shrink-0 border-line border-t px-3 py-2 sm:px-4">
      <CommentStates comments={comments} />
      <Composer
        projectId={projectId}
        taskId={task?.id}
        {...(task ? { placeholder: `Comment on “${task.title}”` } : {})}
      />
    </div>
  )
}
