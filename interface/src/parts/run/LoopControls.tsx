/** Start, pause, resume, stop: each waits for the server's word. */
import type { Loop } from "@aura/core"
import { useNavigate } from "@tanstack/react-router"
import { Pause, Play, Square } from "lucide-react"
import { memo } from "react"
import { useCommand } from "../../api/commands.ts"
import { useLoops } from "../../api/queries/loops.ts"
import { usePlans, useSpecs } from "../../api/queries/plan.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Button } from "../../components/Button.tsx"
import { MoreMenu } from "../../components/MoreMenu.tsx"
import { newest, newestPlan } from "../project/project-state.logic.ts"
import { type Control, toControls, whyNoStart } from "./run.logic.ts"

type Props = {
  projectId: string
  /** True to show only the link to the run. */
  startOnly?: boolean
}

const icon = "size-3.5"

/** Less frequent actions: pause after the task, skip the task. */
function MoreControls({ projectId, loop }: { projectId: string; loop: Loop }) {
  const pause = useCommand("pauseLoop")
  const skip = useCommand("skipTask")
  const params = { p: projectId }
  const canPause =
    loop.status === "running" || (loop.status === "pausing" && loop.asked !== "pause_after_task")
  const items = [
    ...(canPause
      ? [{ label: "Pause after this task", act: () => pause.mutate({ params, body: { after: "task" } }) }]
      : []),
    ...(loop.status === "running" && loop.taskId && !loop.asked
      ? [{ label: "Skip this task", act: () => skip.mutate({ params }) }]
      : []),
  ]
  if (items.length === 0) return null
  return <MoreMenu label="More ways to steer" items={items} />
}

/** Apart from the words that stream beside it. */
export const LoopControls = memo(function LoopControls({ projectId, startOnly = false }: Props) {
  const loops = useLoops(projectId)
  const tasks = useTasks(projectId)
  const specs = useSpecs(projectId)
  const plan = newestPlan(usePlans(projectId).data)
  const navigate = useNavigate()
  const commands = {
    start: useCommand("startLoop"),
    pause: useCommand("pauseLoop"),
    resume: useCommand("resumeLoop"),
    stop: useCommand("stopLoop"),
  }
  if (!loops.data || !tasks.data || !specs.data) return null
  const controls = toControls(newest(loops.data))
  const reason = whyNoStart(tasks.data, specs.data.length, plan)
  const input = { params: { p: projectId } }
  const isBusy = (control: Control) => controls[control] === "pending" || commands[control].isPending
  if (startOnly && (!controls.start || reason)) return null
  const running = newest(loops.data)
  const finished = tasks.data.length > 0 && tasks.data.every((task) => task.status === "done")
  if (controls.start && finished) return null

  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      {controls.start && (
        <>
          {reason && <span className="max-w-80 text-pretty text-ink-3 text-sm sm:text-right">{reason}</span>}
          <Button
            tone="primary"
            disabled={reason !== undefined}
            busy={commands.start.isPending}
            icon={<Play aria-hidden="true" className={icon} />}
            onClick={() =>
              commands.start.mutate(input, {
                onSuccess: () => void navigate({ to: "/projects/$projectId/run", params: { projectId } }),
              })
            }
          >
            Start loop
          </Button>
        </>
      )}
      {controls.pause && (
        <Button
          busy={isBusy("pause")}
          title="Pauses after the step at hand and keeps the task"
          icon={<Pause aria-hidden="true" className={icon} />}
          onClick={() => commands.pause.mutate(input)}
        >
          Pause
        </Button>
      )}
      {controls.resume && (
        <Button
          tone="primary"
          busy={isBusy("resume")}
          icon={<Play aria-hidden="true" className={icon} />}
          onClick={() => commands.resume.mutate(input)}
        >
          Resume
        </Button>
      )}
      {controls.stop && (
        <Button
          busy={isBusy("stop")}
          title="Stops now and makes the task ready again"
          icon={<Square aria-hidden="true" className={icon} />}
          onClick={() => commands.stop.mutate(input)}
        >
          Stop
        </Button>
      )}
      {running && <MoreControls projectId={projectId} loop={running} />}
    </div>
  )
})
