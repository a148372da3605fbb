/** What is always on screen: what happens now, how far it is, and the controls of the loop. */
import type { Loop, Session, Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { useInstances } from "../../api/queries/agents.ts"
import { useRunningCommands } from "../../api/queries/machine.ts"
import { usePlans } from "../../api/queries/plan.ts"
import { newestPlan } from "../../parts/project/project-state.logic.ts"
import { ProofLine } from "../../parts/proof/ProofLine.tsx"
import { hasResult } from "../../parts/proof/proof.logic.ts"
import { LoopControls } from "../../parts/run/LoopControls.tsx"
import { toNow } from "../../parts/run/run.logic.ts"
import { NowLine } from "./NowLine.tsx"
import { RunLine } from "./RunLine.tsx"
import { Spine } from "./Spine.tsx"
import { useSessionItems } from "./useSessionItems.ts"

type Props = {
  projectId: string
  loop: Loop | undefined
  session: Session | undefined
  task: Task | undefined
  tasks: readonly Task[]
}

export function Head({ projectId, loop, session, task, tasks }: Props) {
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
          until={(plan?.status === "running" ? plan.waiting : running?.waiting)?.until}
          command={commands.data?.at(-1)}
        />
        {!loop && plan?.status === "finished" && tasks.length > 0 && (
          <Link
            to="/projects/$projectId/tasks"
            params={{ projectId }}
            className="flex h-8 items-center text-accent text-sm hover:underline pointer-coarse:h-11"
          >
            Look at the plan
          </Link>
        )}
        <LoopControls projectId={projectId} />
        {hasResult(loop) && (
          <div className="w-full">
            <ProofLine projectId={projectId} isWorkDone={loop?.outcome === "unproven"} />
          </div>
        )}
      </div>
      <div className="shrink-0 px-4 pb-3 sm:px-6">
        <RunLine projectId={projectId} />
        <Spine tasks={tasks} current={task?.id} />
      </div>
    </>
  )
}
