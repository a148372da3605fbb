/** Finding things: find_files by name, search_code by content, both with ripgrep. */
import { isSecretFile, removed } from "@aura/core"
import { z } from "zod"
import { type Found, ripgrep } from "../ripgrep.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { defineTool, type Tool } from "./tool.ts"

const mostLines = 200

export function searchTools(workspace: Workspace): Tool[] {
  return [
    defineTool({
      name: "find_files",
      description: "Finds files by a glob such as src/**/*.ts. What git ignores is left out.",
      input: z.object({ pattern: z.string().min(1) }),
      isRepeatable: true,
      run: async (input, { signal }) =>
        toOutcome(
          await ripgrep(
            workspace.root,
            ["--files", "--hidden", "--sort", "path", "--glob", "!.git", "--glob", input.pattern],
            signal,
          ),
          "No file matches.",
        ),
    }),
    defineTool({
      name: "search_code",
      description: "Searches file contents with a regular expression (ripgrep's); gives path:line:text.",
      input: z.object({
        pattern: z.string().min(1),
        path: z.string().optional().describe("Only files below this, or a glob"),
      }),
      isRepeatable: true,
      run: async (input, { signal }) => {
        const glob = input.path
          ? [
              "--glob",
              /[*?{]/.test(input.path) ? input.path : `${input.path.replace(/(?<!\/)\/+$/, "")}{,/**}`,
            ]
          : []
        const args = [
          "--line-number",
          "--no-heading",
          "--hidden",
          "--glob",
          "!.git",
          "--max-columns",
          "300",
          ...glob,
          "--regexp",
          input.pattern,
          "--",
          ".",
        ]
        return toOutcome(await ripgrep(workspace.root, args, signal), "Nothing found.")
      },
    }),
  ]
}

/** `path:line:text`; of a file that holds secrets only where it was found. */
function maskHit(line: string): string {
  const [path = "", number] = line.split(":", 2)
  return number !== undefined && isSecretFile(path) ? `${path}:${number}: ${removed}` : line
}

function toOutcome(found: Found, nothing: string) {
  const lines = found.text
    .split("\n")
    .filter(Boolean)
    .map((line) => maskHit(line.replace(/^\.\//, "")))
  if (found.error && lines.length === 0) return { output: found.error, isError: true }
  if (lines.length === 0) return { output: nothing }
  const more = lines.length > mostLines ? `\n… ${lines.length - mostLines} more; narrow the search.` : ""
  return { output: lines.slice(0, mostLines).join("\n") + more }
}
