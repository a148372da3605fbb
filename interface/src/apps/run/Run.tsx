/** The cockpit: what happens now, how far it is, what it costs, and the live timeline. */
import { useMemo } from "react"
import { useSessionDrafts } from "../../api/drafts.ts"
import { useEntries, useInstances, useLoops, usePlans, useSessions, useTasks } from "../../api/queries.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { addLive, toItems } from "../../components/timeline.logic.ts"
import { newest } from "../projects/project-state.logic.ts"
import { useProjectId } from "../projects/useProjectId.ts"
import { SessionTimeline } from "../sessions/SessionTimeline.tsx"
import { LoopControls } from "./LoopControls.tsx"
import { NowLine } from "./NowLine.tsx"
import { findSession, toNow } from "./run.logic.ts"
import { SideColumn } from "./SideColumn.tsx"
import { Spine } from "./Spine.tsx"
import { useAtWork } from "./useAtWork.ts"

export default function Run() {
  const projectId = useProjectId()
  const loops = useLoops(projectId)
  const plans = usePlans(projectId)
  const tasks = useTasks(projectId)
  const sessions = useSessions(projectId)
  const instances = useInstances(projectId)
  const loop = newest(loops.data)
  const plan = newest(plans.data)
  const session = findSession(sessions.data ?? [], loop, plan)
  const entries = useEntries(session)
  const drafts = useSessionDrafts(session?.id)
  const atWork = useAtWork(projectId)
  const stored = useMemo(
    () => toItems(entries.data ?? [], { atWork, divide: "task" }),
    [entries.data, atWork],
  )
  const items = useMemo(() => addLive(stored, drafts, session?.id ?? ""), [stored, drafts, session?.id])

  const failed = [loops, plans, tasks, sessions].find((query) => query.isError)
  if (failed) return <Problem error={failed.error} onRetry={() => void failed.refetch()} />
  if (!loops.data || !plans.data || !tasks.data || !sessions.data) return <Loading rows={8} />

  const running = loop && loop.status !== "finished" ? loop : undefined
  const task = tasks.data.find((row) => row.id === running?.taskId)
  const agent = instances.data?.find((row) => row.id === (running?.instanceId ?? session?.instanceId))?.name
  const now = toNow({ loop, plan, agent: agent ?? "The agent", task, tasks: tasks.data, items })

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-start gap-x-4 gap-y-2 px-4 pt-3.5 pb-2 sm:px-6">
        <NowLine now={now} projectId={projectId} taskId={task?.id} until={running?.waiting?.until} />
        <LoopControls projectId={projectId} />
      </div>
      <div className="shrink-0 px-4 pb-3 sm:px-6">
        <Spine tasks={tasks.data} current={task?.id} />
      </div>
      <div className="flex min-h-0 flex-1 flex-col-reverse border-line border-t lg:flex-row">
        <section aria-label="Live" className="flex min-h-0 min-w-0 flex-1 flex-col">
          {session ? (
            <SessionTimeline
              key={session.id}
              session={session}
              items={items}
              loading={entries.isPending}
              follow
              label="What happens now"
            />
          ) : (
            <Empty title="Nothing to watch yet">
              Once the loop runs, every word, command, change and check appears here as it happens.
            </Empty>
          )}
        </section>
        <SideColumn projectId={projectId} session={session} task={task} items={items} />
      </div>
    </div>
  )
}
