/** Opens the workspace of an instance: its folder, its repository, and what the person should know of it. */
import type { Instance, Project } from "@aura/core"
import { AuraError } from "@aura/core"
import type { Checkout } from "./checkout.ts"
import type { Git } from "./git/git.ts"
import { openGit } from "./git/open.ts"
import { gitHome } from "./git/own-directory.ts"
import { openLocalCheckout } from "./local/checkout.ts"
import { checkFolder, refuseReplaced } from "./local/folder.ts"
import { openLocalWorkspace } from "./local/local.ts"
import { impatient, type Patience } from "./patience.ts"
import type { Custody } from "./run/custody.ts"
import type { Sandbox } from "./sandbox/sandbox.ts"
import type { Workspace } from "./workspace.ts"

export type OpenedWorkspace = {
  workspace: Workspace
  git: Git
  checkout: Checkout
  /** What the person should know: what was set up, what lies there uncommitted. */
  notes: string[]
}

/** @throws AuraError when the folder has gone, cannot be written or is in the middle of a merge */
export async function openWorkspace(
  of: { dataDir: string; custody: Custody; sandbox: Sandbox; patience?: Patience },
  project: Project,
  instance: Instance,
): Promise<OpenedWorkspace> {
  if (instance.workspace.kind !== "local") {
    throw new AuraError(
      "service_unavailable",
      `${instance.name} has a ${instance.workspace.kind} workspace, which this version cannot open. Give it a local folder.`,
    )
  }
  if (of.sandbox.kind === "missing" && !project.rehearsal)
    throw new AuraError("service_unavailable", of.sandbox.reason)
  await refuseReplaced(instance.workspace.path)
  const root = await checkFolder(instance.workspace.path, of.dataDir)
  const { patience = impatient } = of
  const { git, repository, notes } = await openGit(root, gitHome(of.dataDir), patience)
  await of.custody.check(root)
  const workspace = openLocalWorkspace(root, of.custody, { isOwn: project.rehearsal, projectId: project.id })
  return {
    workspace: {
      ...workspace,
      write: (path, content, allow) => patience(() => workspace.write(path, content, allow)),
    },
    git,
    checkout: openLocalCheckout({
      repository,
      custody: of.custody,
      dataDir: of.dataDir,
      of: { isOwn: project.rehearsal, projectId: project.id },
    }),
    notes: [
      ...notes,
      ...(of.sandbox.kind === "off" ? ["Commands run without a sandbox, as AURA_UNSANDBOXED says."] : []),
      ...(of.sandbox.kind === "missing"
        ? ["This machine has no sandbox; the rehearsal's commands are Aura's own and run without."]
        : []),
      ...(project.workspacePath === root ? [] : [`${instance.name} works in ${root}.`]),
    ],
  }
}
