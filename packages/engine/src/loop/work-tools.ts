/** The tools of a worker: the same, in the same order, for all of a session and for the request that ends it. */
import { asks, permissions, requirements } from "@aura/domain"
import type { Work } from "../attempt.ts"
import { lookAtPlan } from "../plan/plan-tools.ts"
import { storedPlan } from "../plan/stored-plan.ts"
import { openEyes } from "../tools/eyes.ts"
import { type Fence, readTools, writeTools } from "../tools/files.ts"
import { pageTools } from "../tools/look-at-page.ts"
import { handOff, type TaskDone, taskBlocked, taskDone } from "../tools/outcome.ts"
import { askPermission, permitTools } from "../tools/permission.ts"
import { runCommand } from "../tools/run-command.ts"
import { searchTools } from "../tools/search.ts"
import { createSeen } from "../tools/seen.ts"
import { refuseTool, type Tool, type ToolContext, type ToolOutcome } from "../tools/tool.ts"

export type Deeds = {
  fence: Fence
  taskId: string
  accept(input: TaskDone, context: ToolContext): Promise<ToolOutcome>
  /** It asks for hosts, and waits for the answer. */
  onAsked(): void
  onBlocked(reason: string): void
}

const notNow = "Not now: Aura asks for hand_off when the session is full. Go on with the task."

export async function workTools(work: Work, deeds: Deeds): Promise<Tool[]> {
  const { engine, project, workspace } = work
  const { aura } = engine
  const { level } = await permissions.of(aura, project.id)
  const seen = createSeen()
  const eyes = openEyes(engine, work.journal.session.model)
  return permitTools(level, [
    ...readTools(workspace, seen, eyes),
    ...writeTools(workspace, deeds.fence, seen),
    ...searchTools(workspace),
    runCommand(workspace),
    ...pageTools(workspace, engine.browser, eyes),
    ...lookAtPlan({
      ...storedPlan(engine, { kind: "agent", projectId: project.id, instanceId: work.instance.id }),
      requirements: async () => (await requirements.current(aura, project.id)).requirements,
    }),
    askPermission(async (hosts, reason) => {
      await asks.open(aura, {
        projectId: project.id,
        taskId: deeds.taskId,
        question: `May commands reach ${hosts.join(", ")}?`,
        detail: reason,
        hosts,
      })
      deeds.onAsked()
    }),
    taskDone(deeds.accept),
    taskBlocked(deeds.onBlocked),
    refuseTool(
      handOff(() => undefined),
      notNow,
    ),
  ])
}

/** The same tools to look at, for the request that ends a session. */
export async function shownTools(work: Work, taskId: string): Promise<Tool[]> {
  return await workTools(work, {
    taskId,
    fence: { refuse: async () => undefined },
    accept: async () => ({ output: "" }),
    onAsked: () => undefined,
    onBlocked: () => undefined,
  })
}
