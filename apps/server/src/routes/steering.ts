/** A person's part in the run: comments, what a task changed, and finding things again. */
import { AuraError, type Snapshot } from "@aura/core"
import {
  agents,
  asks,
  attention,
  comments,
  folders,
  log,
  permissions,
  projects,
  search,
  snapshots,
  tasks,
} from "@aura/domain"
import { commits, diffs, type Engine, goBackTo, skipTask } from "@aura/engine"
import type { Place } from "@aura/workspace"
import type { Host } from "../host.ts"
import { readPage } from "../page.ts"
import { type BoundRoute, route } from "../route.ts"

export function steeringRoutes({ aura, engine }: Host): BoundRoute[] {
  return [
    route("skipTask", ({ params, body }) => skipTask(engine, params.p, body ?? {})),
    route("listComments", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return await readPage(query, (page) => comments.list(aura, params.p, page))
    }),
    route("createComment", ({ params, body }) => comments.create(aura, params.p, body)),
    route("removeComment", ({ params }) => comments.remove(aura, params.p, params.c)),
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
    route("setLevel", ({ params, body, caller }) => permissions.set(aura, caller, params.p, body)),
    route("listProjectAsks", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return await readPage(query, (page) => asks.list(aura, params.p, page))
    }),
    route("listAsks", ({ query }) => readPage(query, (page) => asks.list(aura, undefined, page))),
    route("answerAsk", ({ params, body, caller }) =>
      asks.answer(aura, caller, params.a, body.allow, body.reason),
    ),
    route("listSnapshots", async ({ params, query }) => {
      await projects.get(aura, params.p)
      return await readPage(query, (page) => snapshots.list(aura, params.p, page))
    }),
    route("takeSnapshot", async ({ params }) => {
      const project = await projects.get(aura, params.p)
      if (!project.workspacePath)
        throw new AuraError("bad_request", "The project has no workspace folder yet.")
      await projects.refuseWhileBusy(aura.store, params.p, "The folder cannot be kept by hand")
      return await engine.openPlace(project).snapshots.take({
        projectId: params.p,
        instanceId: null,
        taskId: null,
        kind: "hand",
        why: "Kept by hand",
      })
    }),
    route("previewSnapshot", async ({ params }) => {
      const snapshot = await snapshots.get(aura, params.p, params.id)
      return await (await placeOf(engine, snapshot)).snapshots.preview(snapshot)
    }),
    route("restoreSnapshot", async ({ params }) => {
      const snapshot = await snapshots.get(aura, params.p, params.id)
      return await goBackTo(engine, (await placeOf(engine, snapshot)).snapshots, snapshot)
    }),
    route("listAttention", async () => ({ items: await attention.list(aura) })),
    route("viewFolder", ({ body }) => folders.view(body.path)),
    route("listLog", ({ query }) => log.list(aura, query)),
    route("searchLog", ({ query }) => log.search(aura, query)),
    route("search", async ({ query }) => ({ items: await search.find(aura, query.q, query.project) })),
  ]
}

/** Where a snapshot was taken; the project's folder, should its agent be gone. */
async function placeOf(engine: Engine, { projectId, instanceId }: Snapshot): Promise<Place> {
  const instances = await agents.listInstances(engine.aura, projectId)
  const project = await projects.get(engine.aura, projectId)
  return engine.openPlace(
    project,
    instances.find(({ id }) => id === instanceId),
  )
}
