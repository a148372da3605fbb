/** How far a project is, at what price, and which requirements nothing proves yet. */
import type { Loop, Plan, Progress, Project, Session, Task } from "@aura/core"
import type { Aura } from "./aura.ts"
import { get as getProject } from "./projects.ts"
import * as ledger from "./requirements/ledger.ts"

export async function get(aura: Aura, projectId: string): Promise<Progress> {
  const project = await getProject(aura, projectId)
  const [open, tasks, sessions, loops, plans] = await Promise.all([
    ledger.listOpen(aura, projectId),
    aura.store.list("tasks", { projectId }),
    aura.store.list("sessions", { projectId }),
    aura.store.list("loops", { projectId }),
    aura.store.list("plans", { projectId }),
  ])
  return sum(
    { project, unproven: open.map(({ id }) => id), tasks, sessions, spans: [...loops, ...plans] },
    aura.now(),
  )
}

function sum(
  of: {
    project: Project
    /** Ids of requirements. */
    unproven: string[]
    tasks: Task[]
    sessions: Session[]
    spans: (Loop | Plan)[]
  },
  now: number,
): Progress {
  const counts = { pending: 0, ready: 0, in_progress: 0, done: 0, failed: 0, blocked: 0 }
  for (const task of of.tasks) counts[task.status]++
  const { usage } = of.project
  const total = of.tasks.length
  return {
    counts,
    total,
    percent: total === 0 ? 0 : Math.floor((counts.done / total) * 100),
    tokens: {
      input: usage.inputTokens,
      cacheWrite: usage.cacheWriteTokens,
      cacheRead: usage.cacheReadTokens,
      output: usage.outputTokens,
    },
    costUsd: usage.costUsd,
    budgetUsd: of.project.budgetUsd,
    elapsedMs: of.spans.reduce(
      (ms, span) =>
        ms + Math.max(0, (span.finishedAt ? Date.parse(span.finishedAt) : now) - Date.parse(span.startedAt)),
      0,
    ),
    sessions: of.sessions.length,
    unprovenRequirements: of.unproven,
  }
}
