/** Files of attached workspaces, and snapshots of them. */
import { createHash } from "node:crypto"
import { AuraError, type FileConflict, type FileText, type Snapshot } from "@aura/core"
import { agents, projects, snapshots } from "@aura/domain"
import { type Engine, folder, goBackTo } from "@aura/engine"
import type { Place } from "@aura/workspace"
import type { Host } from "../host.ts"
import { type Asked, locate } from "../locate.ts"
import { readPage } from "../page.ts"
import { type BoundRoute, route } from "../route.ts"

export function fileRoutes({ aura, engine }: Host): BoundRoute[] {
  const find = async (asked: Asked) => {
    const { place, path } = await locate(engine, asked)
    return { workspace: place.workspace, path }
  }
  return [
    route("listFiles", async ({ body }) => {
      const { workspace, path } = await find(body)
      return { path: body.path, items: await workspace.list(path === "" ? "." : path), next: null }
    }),
    route("readFile", async ({ body }) => {
      const { workspace, path } = await find(body)
      return show(body.path, await workspace.read(path))
    }),
    route("writeFile", async ({ body: { content, ifDigest, ...asked } }) => {
      const { workspace, path } = await find(asked)
      await workspace.write(path, content, (now) => {
        if (ifDigest !== undefined) refuseOther(ifDigest, now)
      })
      return show(asked.path, content)
    }),
    route("moveFile", async ({ body: { to, ...asked } }) => {
      const { workspace, path } = await find(asked)
      await workspace.move(path, to)
    }),
    route("removeFile", async ({ body }) => {
      const { projectId, path } = body
      const place = engine.openPlace(await projects.get(aura, projectId))
      const why = `Before ${path} was removed by hand`
      await place.snapshots.take({ projectId, instanceId: null, taskId: null, kind: "command", why })
      await place.workspace.remove(path)
    }),
    route("getFolder", ({ params }) => folder.look(engine, params.p)),
    route("findInFolder", async ({ params, body }) => ({
      ...(await folder.find(engine, params.p, body)),
      next: null,
    })),
    route("readCommitted", async ({ body }) => ({
      content: await folder.committed(engine, body.projectId, body.path),
    })),
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
  ]
}

/** @throws AuraError `conflict` with the text as it is */
function refuseOther(expected: string, now: string | undefined): void {
  const digest = now === undefined ? "" : toDigest(now)
  if (digest === expected) return
  throw new AuraError(
    "conflict",
    now === undefined
      ? "The file is gone since it was read."
      : "The file has changed since it was read. Nothing was written: join the two texts first.",
    { content: now ?? null, digest } satisfies FileConflict,
  )
}

function show(path: string, content: string): FileText {
  return { path, content, digest: toDigest(content), bytes: Buffer.byteLength(content) }
}

function toDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

/** The place of a snapshot; the project's folder if its agent was removed. */
async function placeOf(engine: Engine, { projectId, instanceId }: Snapshot): Promise<Place> {
  const instances = await agents.listInstances(engine.aura, projectId)
  const project = await projects.get(engine.aura, projectId)
  return engine.openPlace(
    project,
    instances.find(({ id }) => id === instanceId),
  )
}
