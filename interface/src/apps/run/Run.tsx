/** The cockpit: outline, live work, and what it changes and proves, side by side. The address says what is on screen. */
import type { Session, Task } from "@aura/core"
import { PanelLeft } from "lucide-react"
import { type ComponentProps, lazy, Suspense } from "react"
import { useSessions } from "../../api/queries/agents.ts"
import { useLoops } from "../../api/queries/loops.ts"
import { usePlans } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { IconButton } from "../../components/Button.tsx"
import { Panel } from "../../components/Panel.tsx"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { useWide } from "../../hooks/useWide.ts"
import { newest, newestPlan } from "../../parts/project/project-state.logic.ts"
import { findSession } from "../../parts/run/run.logic.ts"
import { Head } from "./Head.tsx"
import { Comments, SessionLive, TaskLive } from "./Live.tsx"
import { PanelTabs } from "./PanelTabs.tsx"
import { type SidePanel, toLayout } from "./run-view.logic.ts"
import { SessionRibbon } from "./SessionRibbon.tsx"
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
        {outline && (
          <Pane isPanel={isMedium} name="outline" label="Outline" side="left" room={outlineRoom}>
            {outline}
          </Pane>
        )}
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
            <Comments projectId={projectId} task={chosen} />
          </section>
        )}
        {side && (
          <Pane isPanel={isMedium} name="side" label="Changes and checks" side="right" room={sideRoom}>
            {isMedium && <PanelTabs shown={layout.side ?? "changes"} />}
            {side}
          </Pane>
        )}
      </div>
    </div>
  )
}

/** A panel beside the others, or on a narrow screen the whole of it. */
function Pane({ isPanel, ...panel }: ComponentProps<typeof Panel> & { isPanel: boolean }) {
  if (isPanel) return <Panel {...panel} />
  return (
    <section aria-label={panel.label} className="flex min-h-0 flex-1 flex-col">
      {panel.children}
    </section>
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

function lastWorked(tasks: readonly Task[]): Task | undefined {
  return tasks.reduce<Task | undefined>(
    (last, task) => (task.startedAt && task.startedAt > (last?.startedAt ?? "") ? task : last),
    undefined,
  )
}
