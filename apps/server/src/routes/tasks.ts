/** Tasks: written by the model, edited by people, and their commits. */
import { projects, sessions, tasks } from "@aura/domain"
import { commits, diffs, startLoop } from "@aura/engine"
import type { Host } from "../host.ts"
import { toPage } from "../page.ts"
import { type BoundRoute, route } from "../route.ts"

export function taskRoutes({ aura, engine }: Host): BoundRoute[] {
  return [
    route("listTasks", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return toPage(await tasks.list(aura, params.p), query)
    }),
    route("createTask", async ({ params, body }) => {
      await projects.get(aura, params.p)
      return await tasks.create(aura, params.p, body)
    }),
    route("getTask", ({ params }) => tasks.get(aura, params.p, params.t)),
    route("updateTask", ({ params, body, caller }) => tasks.update(aura, caller, params.p, params.t, body)),
    route("removeTask", ({ params, caller }) => tasks.remove(aura, caller, params.p, params.t)),
    route("transitionTask", ({ params, body }) =>
      tasks.transition(aura, params.p, params.t, body.status, body.reason),
    ),
    route("retryTask", ({ params, body }) => tasks.retry(aura, params.p, params.t, body?.note)),
    route("runTask", async ({ params }) => {
      const task = await tasks.get(aura, params.p, params.t)
      tasks.refuseUnlessReady(task)
      return await startLoop(engine, params.p, { onlyTaskId: task.id })
    }),
    route("splitTask", async ({ params, body }) => ({
      items: await tasks.split(aura, params.p, params.t, body.parts),
    })),
    route("mergeTask", ({ params, body }) => tasks.merge(aura, params.p, params.t, body.taskId)),
    route("checkCommits", async ({ params }) => {
      await projects.get(aura, params.p)
      return { items: await commits.check(engine, params.p) }
    }),
    route("bringBackTask", ({ params }) => commits.bringBack(engine, params.p, params.t)),
    route("waiveTask", ({ params, caller }) => tasks.waive(aura, caller, params.p, params.t)),
    route("acceptTask", ({ params, caller }) => tasks.accept(aura, caller, params.p, params.t)),
    route("getTaskDiff", ({ params }) => diffs.ofTask(engine, params.p, params.t)),
    route("revertTask", async ({ params, body }) => {
      await diffs.revert(engine, params.p, params.t, body)
      return { path: body.path, reverted: true as const }
    }),
    route("getTaskOutput", async ({ params }) => ({
      task: await tasks.get(aura, params.p, params.t),
      entries: await sessions.entriesOfTask(aura, params.t),
    })),
  ]
}
