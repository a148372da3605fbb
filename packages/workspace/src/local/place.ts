/** A place that is a folder of this machine. */
import { AuraError } from "@aura/core"
import type { Checkout } from "../checkout.ts"
import type { CommandContext, Custody } from "../custody/custody.ts"
import { checkFolder, refuseReplaced } from "../folder/folder.ts"
import { resolveInside } from "../folder/inside.ts"
import { createGit } from "../git/git.ts"
import { checkRepository, openGit } from "../git/open.ts"
import { gitHome } from "../git/own-directory.ts"
import { openRepository, type Repository } from "../git/repository.ts"
import { describeMachine } from "../machine.ts"
import { impatient, type Patience } from "../patience.ts"
import type { Place } from "../place.ts"
import type { Sandbox } from "../sandbox/sandbox.ts"
import type { Snapshots } from "../snapshots/snapshots.ts"
import type { Terminals } from "../terminals/terminals.ts"
import { openLocalCheckout } from "./checkout.ts"
import { openLocalWorkspace } from "./local.ts"

/** What all folders of this machine share. */
export type Machine = {
  dataDir: string
  custody: Pick<Custody, "run" | "check" | "homeOf">
  sandbox: Sandbox
  snapshots?: Snapshots
  terminals?: Pick<Terminals, "create">
  /** Waits while the disk is full. */
  patience?: Patience
}

export type LocalPlaceOptions = {
  path: string
  machine: Machine
  /** For whom; `isOwn` means that its commands are Aura's own, as those of the rehearsal. */
  owner?: Pick<CommandContext, "projectId" | "isOwn">
}

export function openLocalPlace({ path: root, machine, owner = {} }: LocalPlaceOptions): Place {
  const { dataDir, custody, sandbox, snapshots, terminals, patience = impatient } = machine
  const workspace = openLocalWorkspace(root, custody, owner)

  async function toCheckout(repository: Repository): Promise<Checkout> {
    await custody.check(repository.root)
    return openLocalCheckout({ repository, custody, dataDir, of: owner })
  }

  function refuseWithoutSandbox(): void {
    if (sandbox.kind === "missing" && !owner.isOwn) throw new AuraError("service_unavailable", sandbox.reason)
  }

  async function find(): Promise<Repository | undefined> {
    await refuseReplaced(root)
    return await openRepository(root, gitHome(dataDir))
  }

  return {
    root,
    workspace,
    snapshots: {
      async take(of) {
        const take = () => need(snapshots).take({ ...of, root })
        // A person is told at once that the disk is full.
        return await (of.kind === "hand" ? take() : patience(take))
      },
      preview: async (snapshot) => await need(snapshots).preview(snapshot),
      restore: async (snapshot) => await need(snapshots).restore(snapshot),
    },
    terminals: terminals
      ? { kind: "available", create: async (of) => await terminals.create({ ...of, cwd: root }) }
      : { kind: "unavailable", reason: "This folder was opened without terminals." },
    hostFiles: { kind: "available", resolve: async (path) => await resolveInside(root, path) },
    describeMachine,
    async check() {
      await refuseReplaced(root)
      return await checkRepository(await checkFolder(root, dataDir), gitHome(dataDir))
    },
    async findGit() {
      const repository = await find()
      return repository && createGit(repository)
    },
    async checkout() {
      refuseWithoutSandbox()
      const repository = await find()
      if (!repository) throw new AuraError("conflict", `${root} has no git repository.`)
      return await toCheckout(repository)
    },
    async prepare() {
      refuseWithoutSandbox()
      await refuseReplaced(root)
      const real = await checkFolder(root, dataDir)
      const { git, repository, notes } = await openGit(real, gitHome(dataDir), patience)
      const checkout = await toCheckout(repository)
      return {
        workspace: {
          ...workspace,
          write: async (path, content, allow) => await patience(() => workspace.write(path, content, allow)),
        },
        git,
        checkout,
        notes: [...notes, ...describeSandbox(sandbox)],
      }
    },
  }
}

function describeSandbox({ kind }: Sandbox): string[] {
  if (kind === "off") return ["Commands run without a sandbox, as AURA_UNSANDBOXED says."]
  if (kind === "missing")
    return ["This machine has no sandbox; the rehearsal's commands are Aura's own and run without."]
  return []
}

function need(snapshots: Snapshots | undefined): Snapshots {
  if (snapshots) return snapshots
  throw new AuraError("service_unavailable", "This folder was opened without snapshots.")
}
