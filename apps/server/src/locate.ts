/** Finds the place of a requested path: the folder of a project, or any attached folder. */
import { isAbsolute, join } from "node:path"
import { AuraError } from "@aura/core"
import { agents, projects } from "@aura/domain"
import type { Engine } from "@aura/engine"
import { isWithin, type Place } from "@aura/workspace"

export type Asked = { projectId?: string | undefined; path: string }

/**
 * @returns the place and the path inside it, as given; the place resolves links.
 * @throws AuraError `bad_request` for a relative path without a project, `forbidden` outside of all attached folders
 */
export async function locate(
  engine: Engine,
  { projectId, path }: Asked,
): Promise<{ place: Place; path: string }> {
  const { aura } = engine
  if (projectId !== undefined) return { place: engine.openPlace(await projects.get(aura, projectId)), path }
  if (!isAbsolute(path)) throw new AuraError("bad_request", "Name the project, or give an absolute path.")
  for (const project of await projects.list(aura))
    for (const instance of await agents.listInstances(aura, project.id))
      if (instance.workspace.kind === "local" && isWithin(join(path), instance.workspace.path))
        return { place: engine.openPlace(project, instance), path }
  throw new AuraError("forbidden", "That path is in no attached workspace.")
}
