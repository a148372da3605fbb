/** run_command: a shell command in the workspace. */
import { z } from "zod"
import type { Workspace } from "../workspaces/workspace.ts"
import { defineTool, type Tool } from "./tool.ts"

const usualSecs = 600
const mostSecs = 3600

export function runCommand(workspace: Workspace): Tool {
  return defineTool({
    name: "run_command",
    description:
      "Runs a shell command in the workspace and gives its exit code and output. Its stdin is closed, and what it starts in the background ends with it: start and use a server in one command.",
    input: z.object({
      command: z.string().min(1),
      working_dir: z.string().optional().describe("Relative to the workspace root"),
      timeout_secs: z.number().positive().max(mostSecs).optional().describe(`${usualSecs} unless told`),
    }),
    isRepeatable: false,
    async run(input, context) {
      const timeoutMs = (input.timeout_secs ?? usualSecs) * 1000
      const result = await workspace.run(input.command, {
        ...(input.working_dir ? { dir: input.working_dir } : {}),
        timeoutMs,
        signal: context.signal,
        onOutput: context.onOutput,
      })
      const how = result.timedOut
        ? `ended after its time limit of ${timeoutMs / 1000} s`
        : result.aborted
          ? "was stopped by the user"
          : `exit code ${result.exitCode ?? "none: ended by a signal"}`
      return {
        output: `${how}\n${result.output}`.trimEnd(),
        isError: result.exitCode !== 0,
        exitCode: result.exitCode,
      }
    },
  })
}
