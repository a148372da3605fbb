/** Files of attached workspaces, for those who look at them and edit them. */
import { createHash } from "node:crypto"
import { AuraError, type FileConflict, type FileText } from "@aura/core"
import { projects } from "@aura/domain"
import { folder } from "@aura/engine"
import type { Host } from "../host.ts"
import { type Asked, locate } from "../locate.ts"
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
