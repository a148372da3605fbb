/** The same workspace, which keeps its folder before it runs a command that may cost files of it. */
import { AuraError } from "@aura/core"
import type { Workspace } from "@aura/workspace"
import { isRisky } from "./risky.ts"

const maxShown = 80

/** @param keep takes a snapshot; where that fails the command is not run */
export function keepBefore(
  workspace: Workspace,
  keep: ((why: string) => Promise<unknown>) | undefined,
): Workspace {
  if (!keep) return workspace
  return {
    ...workspace,
    run: async (command, options) => {
      if (isRisky(command)) {
        const line = command.trim().split("\n")[0] ?? ""
        const shown = line.length > maxShown ? `${line.slice(0, maxShown - 1)}…` : line
        await keep(`Before ${shown}`).catch((cause: unknown) => {
          const why = cause instanceof Error ? cause.message : String(cause)
          throw new AuraError(
            "service_unavailable",
            `Not run: it may cost files, and the folder could not be kept before it. ${why}`,
          )
        })
      }
      return await workspace.run(command, options)
    },
  }
}
