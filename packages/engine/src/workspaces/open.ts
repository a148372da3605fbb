/** Opens the workspace of an instance: its folder, its repository, and what the person should know of it. */
import type { Instance, Project } from "@aura/core"
import { AuraError } from "@aura/core"
import { checkFolder } from "@aura/domain"
import { type Git, openGit } from "../git.ts"
import type { Custody } from "./custody.ts"
import { openLocalWorkspace } from "./local.ts"
import type { Workspace } from "./workspace.ts"

export type OpenedWorkspace = {
  workspace: Workspace
  git: Git
  /** What the person should know: what was set up, what lies there uncommitted. */
  notes: string[]
}

/** @throws AuraError when the folder has gone, cannot be written or is in the middle of a merge */
export async function openWorkspace(
  of: { dataDir: string; custody: Custody },
  project: Project,
  instance: Instance,
): Promise<OpenedWorkspace> {
  if (instance.workspace.kind !== "local") {
    throw new AuraError(
      "service_unavailable",
      `${instance.name} has a ${instance.workspace.kind} workspace, which this version cannot open. Give it a local folder.`,
    )
  }
  const root = await checkFolder(instance.workspace.path, of.dataDir)
  const { git, notes } = await openGit(root)
  return {
    workspace: openLocalWorkspace(root, of.custody),
    git,
    notes: [...notes, ...(project.workspacePath === root ? [] : [`${instance.name} works in ${root}.`])],
  }
}
