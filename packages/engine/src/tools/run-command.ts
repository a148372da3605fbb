/** run_command: a shell command in the workspace. */

import { describeOver, type RunResult, toKept, type Workspace } from "@aura/workspace"
import { z } from "zod"
import { defineTool, type Tool } from "./tool.ts"

export const usualSecs = 600
export const maxSecs = 3600
/** For a check of Aura's. */
export const checkMinutes = 30
/** A shell takes no more; what is longer belongs into a file. */
const maxChars = 100_000

export function runCommand(workspace: Workspace): Tool {
  return defineTool({
    name: "run_command",
    description:
      "Runs a shell command; gives exit code and output. stdin is closed, and what it starts in the background ends with it: start and use a server in one command.",
    input: z.object({
      command: z.string().min(1).max(maxChars),
      working_dir: z.string().optional(),
      timeout_secs: z.number().positive().max(maxSecs).optional().describe(`${usualSecs} by default`),
    }),
    async run(input, context) {
      const timeoutMs = (input.timeout_secs ?? usualSecs) * 1000
      const result = await workspace.run(input.command, {
        ...(input.working_dir ? { dir: input.working_dir } : {}),
        timeoutMs,
        signal: context.signal,
        onOutput: context.onOutput,
        onBegin: context.onBegin,
      })
      return {
        output: [toHeading(result, timeoutMs), result.output.trimEnd(), toHint(result)]
          .filter(Boolean)
          .join("\n"),
        isError: result.exitCode !== 0,
        ...(result.kept ? { kept: toKept(result.kept) } : {}),
        exitCode: result.exitCode,
      }
    },
  })
}

function toHeading(result: RunResult, timeoutMs: number): string {
  if (result.over) return describeOver(result.over, timeoutMs)
  if (result.aborted) return "was stopped by the user"
  return `exit code ${result.exitCode ?? "none: ended by a signal"}`
}

/** What the output itself does not say: where all of it is, and that the network is not missing by accident. */
function toHint({ kept, output, exitCode }: RunResult): string {
  const size = kept && `${(kept.bytes / 1e6).toFixed(1)} MB`
  const where = kept
    ? `All of it (${size}${kept.isWhole ? "" : ", cut at 50 MB"}) is in ${kept.path}: use sed -n, grep or tail on it.`
    : ""
  const isCutOff = exitCode !== 0 && noNetwork.test(output)
  return [
    where,
    isCutOff ? "There is no network here: commands run in a sandbox that reaches only its own loopback." : "",
  ]
    .filter(Boolean)
    .join("\n")
}

const noNetwork =
  /EAI_AGAIN|ENOTFOUND|ENETUNREACH|Could not resolve host|Temporary failure in name resolution|Network is unreachable/
