/** Decides what of an agent's tools and commands its project's level permits. Nothing the model writes changes it. */
import { AuraError, Host, type Level, traitsOf } from "@aura/core"
import { type Permission, permissions } from "@aura/domain"
import type { Checkout, Network, Workspace } from "@aura/workspace"
import { z } from "zod"
import { defineTool, type Tool } from "./tool.ts"

/** One that has no level is offered at none. */
function isPermitted(tool: string, level: Level): boolean {
  const needed = traitsOf(tool)?.level ?? null
  return needed !== null && needed <= level
}

/** The tools that are offered at a level. */
export function permitTools(level: Level, tools: readonly Tool[]): Tool[] {
  return tools.filter((tool) => isPermitted(tool.spec.name, level))
}

/** @throws AuraError `forbidden` when the level of the moment does not permit a tool that was offered earlier */
export function refuseAbove(tool: string, { level }: Pick<Permission, "level">): void {
  if (!isPermitted(tool, level))
    throw new AuraError(
      "forbidden",
      `This project's permission level is ${level}: its agents may not use ${tool}.`,
    )
}

/**
 * The same workspace, which refuses what is above the level of the moment: the wall behind the tools that are not offered.
 * @param permission asked before every deed, since a level may end or be lowered at any time
 */
export function permitWorkspace(workspace: Workspace, permission: () => Promise<Permission>): Workspace {
  return {
    ...workspace,
    write: async (path, content, allow) => {
      await need(permission, 1, "change files")
      await workspace.write(path, content, allow)
    },
    move: async (path, to) => {
      await need(permission, 1, "change files")
      await workspace.move(path, to)
    },
    remove: async (path) => {
      await need(permission, 1, "change files")
      await workspace.remove(path)
    },
    run: async (command, options) => {
      const network = toNetwork(await need(permission, 2, "run commands"))
      return await workspace.run(command, { ...options, network })
    },
  }
}

/** The same checkout, whose checks reach what the level of the moment lets commands reach. */
export function permitCheckout(checkout: Checkout, permission: () => Promise<Permission>): Checkout {
  const run: Checkout["run"] = async (command, options) => {
    const network = toNetwork(await need(permission, 2, "run commands"))
    return await checkout.run(command, { ...options, network: options.isSealed ? { kind: "none" } : network })
  }
  return { ...checkout, run, folder: { ...checkout.folder, run } }
}

async function need(permission: () => Promise<Permission>, level: Level, what: string): Promise<Permission> {
  const now = await permission()
  if (now.level >= level) return now
  throw new AuraError(
    "forbidden",
    `This project's permission level is ${now.level}: its agents may not ${what}.`,
  )
}

/** What a command may reach: nothing, unless the level says otherwise. */
function toNetwork({ level, hosts }: Permission): Network {
  if (level === 4) return { kind: "all" }
  return level === 3 && hosts.length > 0 ? { kind: "hosts", hosts } : { kind: "none" }
}

/** @param ask stores the ask; the task waits for its answer from then on */
export function askPermission(ask: (hosts: string[], reason: string) => Promise<void>): Tool {
  return defineTool({
    name: "ask_permission",
    description: "Asks a person to let commands reach network hosts. The task waits; others go on.",
    input: z.object({
      hosts: z.array(Host).min(1).max(20).describe("host (its ports 80 and 443) or host:port"),
      reason: z.string().trim().min(1).max(2000).describe("Why the task needs them"),
    }),
    async run({ hosts, reason }) {
      await ask(permissions.normalize(hosts), reason)
      return { output: "Asked. You will be told the answer.", ends: true }
    },
  })
}
