/** The cockpit: outline, live work, and what it changes and proves, side by side. The address says what is on screen. */
import type { Loop, Session, Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { ArrowUpRight, PanelLeft } from "lucide-react"
import { lazy, type ReactNode, Suspense, useMemo } from "react"
import { useSessionDrafts } from "../../api/drafts.ts"
import { useEntries, useInstances, useSessions } from "../../api/queries/agents.ts"
import { useLoops } from "../../api/queries/loops.ts"
import { useRunningCommands } from "../../api/queries/machine.ts"
import { usePlans } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { buttonClass, IconButton } from "../../components/Button.tsx"
import { Panel } from "../../components/Panel.tsx"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { StatusIcon, StatusWord } from "../../components/StatusIcon.tsx"
import { addLive, type Item, toItems } from "../../components/timeline.logic.ts"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { useWide } from "../../hooks/useWide.ts"
import { CommentStates, Composer, useCommentsOn } from "../../parts/comment/Composer.tsx"
import { newest, newestPlan } from "../../parts/project/project-state.logic.ts"
import { ProofLine } from "../../parts/proof/ProofLine.tsx"
import { hasResult } from "../../parts/proof/proof.logic.ts"
import { LoopControls } from "../../parts/run/LoopControls.tsx"
import { findSession, toNow } from "../../parts/run/run.logic.ts"
import { useAtWork } from "../../parts/run/useAtWork.ts"
import { useTaskItems } from "../../parts/run/useTaskItems.ts"
import { SessionTimeline } from "../../parts/session/SessionTimeline.tsx"
import { NowLine } from "./NowLine.tsx"
import { PanelTabs } from "./PanelTabs.tsx"
import { ProjectionLine } from "./ProjectionLine.tsx"
import { type SidePanel, toLayout } from "./run-view.logic.ts"
import { SessionRibbon } from "./SessionRibbon.tsx"
import { Spine } from "./Spine.tsx"
import { useChangeView, useRunView } from "./useRunView.ts"

const Outline = lazy(() => import("./Outline.tsx"))
const Changes = lazy(() => import("./review/Changes.tsx"))
const Checks = lazy(() => import("./Checks.tsx"))
const Context = lazy(() => import("./Context.tsx"))

const outlineRoom = { initial: 248, min: 180, max: 420 } as const
const sideRoom = { initial: 440, min: 300, max: 900 } as const

export default function Run() {
  const projectId = useProjectId()
  const view = useRunView()
  const change = useChangeView()
  const isMedium = useWide("lg")
  const isWide = useWide("xl")
  const layout = toLayout(view, isWide ? "wide" : isMedium ? "medium" : "narrow")
  const loops = useLoops(projectId)
  const plans = usePlans(projectId)
  const tasks = useTasks(projectId)
  const sessions = useSessions(projectId)
  const failed = [loops, plans, tasks, sessions].find((query) => query.isError)
  if (failed) return <Problem error={failed.error} onRetry={() => void failed.refetch()} />
  if (!loops.data || !plans.data || !tasks.data || !sessions.data) return <Loading rows={8} />

  const loop = newest(loops.data)
  const running = loop && loop.status !== "finished" ? loop : undefined
  const current = findSession(sessions.data, loop, newestPlan(plans.data))
  const travelled = sessions.data.find((row) => row.id === view.session)
  const session = travelled ?? current
  const chosen = tasks.data.find((row) => row.id === view.task)
  const atHand = tasks.data.find((row) => row.id === running?.taskId)
  const looked = chosen ?? atHand ?? lastWorked(tasks.data)

  const side = layout.side && (
    <Suspense fallback={<Loading rows={5} />}>
      <Side panel={layout.side} projectId={projectId} task={looked} session={session} />
    </Suspense>
  )
  const outline = layout.outline && (
    <Suspense fallback={<Loading rows={6} />}>
      <Outline projectId={projectId} atHand={atHand?.id} />
    </Suspense>
  )
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Head projectId={projectId} loop={loop} session={current} task={atHand} tasks={tasks.data} />
      <div className="flex min-h-0 flex-1 flex-col border-line border-t lg:flex-row">
        {!isMedium && <PanelTabs narrow shown={layout.side ?? (layout.outline ? "outline" : "live")} />}
        {outline &&
          (isMedium ? (
            <Panel name="outline" label="Outline" side="left" room={outlineRoom}>
              {outline}
            </Panel>
          ) : (
            <section aria-label="Outline" className="flex min-h-0 flex-1 flex-col">
              {outline}
            </section>
          ))}
        {layout.live && (
          <section aria-label="Live" className="flex min-h-0 min-w-0 flex-1 flex-col">
            {isMedium && (
              <div className="flex min-w-0 shrink-0 items-stretch">
                <span className="flex items-center border-line border-b pl-2">
                  <IconButton
                    label={layout.outline ? "Hide the outline" : "Show the outline"}
                    icon={<PanelLeft aria-hidden="true" className="size-4" />}
                    onClick={() => change({ outline: layout.outline ? "off" : "on" })}
                  />
                </span>
                <div className="min-w-0 flex-1 border-line border-b">
                  <SessionRibbon
                    sessions={sessions.data}
                    shown={chosen ? undefined : session?.id}
                    live={current?.id}
                  />
                </div>
              </div>
            )}
            {chosen ? (
              <TaskLive key={chosen.id} task={chosen} />
            ) : session ? (
              <SessionLive
                key={session.id}
                session={session}
                travelled={travelled !== undefined && travelled !== current}
              />
            ) : (
              <Empty title="Nothing to watch yet">
                Once the loop runs, every word, command, change and check appears here as it happens.
              </Empty>
            )}
            <Say projectId={projectId} task={chosen} />
          </section>
        )}
        {side &&
          (isMedium ? (
            <Panel name="side" label="Changes and checks" side="right" room={sideRoom}>
              <PanelTabs shown={layout.side ?? "changes"} />
              {side}
            </Panel>
          ) : (
            <section aria-label="Changes and checks" className="flex min-h-0 flex-1 flex-col">
              {side}
            </section>
          ))}
      </div>
    </div>
  )
}

type HeadProps = {
  projectId: string
  loop: Loop | undefined
  session: Session | undefined
  task: Task | undefined
  tasks: readonly Task[]
}

/** What is always true, whatever is looked at: what happens now, how far it is, and the wheel. */
function Head({ projectId, loop, session, task, tasks }: HeadProps) {
  const plan = newestPlan(usePlans(projectId).data)
  const instances = useInstances(projectId)
  const commands = useRunningCommands(projectId)
  const { items } = useSessionItems(session)
  const running = loop && loop.status !== "finished" ? loop : undefined
  const agent = instances.data?.find((row) => row.id === (running?.instanceId ?? session?.instanceId))?.name
  const now = toNow({ loop, plan, agent: agent ?? "The agent", task, tasks, items })
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-start gap-x-4 gap-y-2 px-4 pt-3.5 pb-2 sm:px-6">
        <NowLine
          now={now}
          projectId={projectId}
          taskId={task?.id}
          until={running?.waiting?.until}
          command={commands.data?.at(-1)}
        />
        <LoopControls projectId={projectId} />
        {hasResult(loop) && (
          <div className="w-full">
            <ProofLine projectId={projectId} isWorkDone={loop?.outcome === "unproven"} />
          </div>
        )}
      </div>
      <div className="shrink-0 px-4 pb-3 sm:px-6">
        <ProjectionLine projectId={projectId} />
        <Spine tasks={tasks} current={task?.id} />
      </div>
    </>
  )
}

function Side(of: {
  panel: SidePanel
  projectId: string
  task: Task | undefined
  session: Session | undefined
}) {
  const view = useRunView()
  const change = useChangeView()
  switch (of.panel) {
    case "changes":
      return (
        <Changes
          task={of.task}
          split={view.view === "split"}
          file={view.file}
          onSplit={(split) => change({ view: split ? "split" : undefined })}
        />
      )
    case "checks":
      return <Checks task={of.task} />
    case "context":
      return <Context projectId={of.projectId} session={of.session} />
  }
}

function SessionLive({ session, travelled }: { session: Session; travelled: boolean }) {
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

function TaskLive({ task }: { task: Task }) {
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

/** Says that something else than the work at hand is on screen, and leads back. */
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

function Say({ projectId, task }: { projectId: string; task: Task | undefined }) {
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

function useSessionItems(session: Session | undefined): {
  items: readonly Item[]
  entries: ReturnType<typeof useEntries>
} {
  const projectId = useProjectId()
  const entries = useEntries(session)
  const drafts = useSessionDrafts(session?.id)
  const atWork = useAtWork(projectId)
  const stored = useMemo(
    () => toItems(entries.data ?? [], { atWork, divide: "task" }),
    [entries.data, atWork],
  )
  const items = useMemo(() => addLive(stored, drafts, session?.id ?? ""), [stored, drafts, session?.id])
  return { items, entries }
}

function lastWorked(tasks: readonly Task[]): Task | undefined {
  return tasks.reduce<Task | undefined>(
    (last, task) => (task.startedAt && task.startedAt > (last?.startedAt ?? "") ? task : last),
    undefined,
  )
}
