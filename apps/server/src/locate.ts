/** Where a path of a request lies: in the folder of a project, or in any folder that is attached. */
import { isAbsolute, join } from "node:path"
import { AuraError } from "@aura/core"
import { type Aura, agents, projects } from "@aura/domain"
import { isWithin } from "@aura/workspace"

export type Asked = { projectId?: string | undefined; path: string }

/**
 * The attached folder and the path inside it, as it was spelled: links on the way are for the workspace to follow.
 * @throws AuraError `bad_request` for a relative path without a project, `forbidden` outside of all attached folders
 */
export async function locate(
  aura: Aura,
  { projectId, path }: Asked,
): Promise<{ root: string; path: string }> {
  if (projectId !== undefined) return { root: (await projects.get(aura, projectId)).workspacePath, path }
  if (!isAbsolute(path)) throw new AuraError("bad_request", "Name the project, or give an absolute path.")
  const instances = (await projects.list(aura)).map((project) => agents.listInstances(aura, project.id))
  const roots = (await Promise.all(instances))
    .flat()
    .flatMap(({ workspace }) => (workspace.kind === "local" ? [workspace.path] : []))
  const root = roots.find((candidate) => isWithin(join(path), candidate))
  if (!root) throw new AuraError("forbidden", "That path is in no attached workspace.")
  return { root, path }
}
