/** Opens the workspace of an instance: its folder, its repository, and what the person should know of it. */
import type { Instance, Project } from "@aura/core"
import { AuraError } from "@aura/core"
import { checkFolder } from "@aura/domain"
import type { Engine } from "../engine.ts"
import { type Git, openGit } from "../git.ts"
import { openLocalWorkspace } from "./local.ts"
import type { Workspace } from "./workspace.ts"

/** @throws AuraError when the folder has gone, cannot be written or is in the middle of a merge */
export async function openWorkspace(
  engine: Pick<Engine, "aura" | "custody">,
  project: Project,
  instance: Instance,
): Promise<{ workspace: Workspace; git: Git; notes: string[] }> {
  if (instance.workspace.kind !== "local") {
    throw new AuraError(
      "service_unavailable",
      `${instance.name} has a ${instance.workspace.kind} workspace, which this version cannot open. Give it a local folder.`,
    )
  }
  const root = await checkFolder(instance.workspace.path, engine.aura.config.dataDir)
  const { git, notes } = await openGit(root)
  return {
    workspace: openLocalWorkspace(root, engine.custody),
    git,
    notes: [...notes, ...(project.workspacePath === root ? [] : [`${instance.name} works in ${root}.`])],
  }
}
