/** Finding things: find_files by name, search_code by content, both with ripgrep. */
import { execFile } from "node:child_process"
import { isSecretFile, removed } from "@aura/core"
import { rgPath } from "@vscode/ripgrep"
import { z } from "zod"
import { cleanEnv } from "../workspaces/process.ts"
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
          ? ["--glob", /[*?{]/.test(input.path) ? input.path : `${input.path.replace(/\/+$/, "")}{,/**}`]
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

/** Paths of all files of a folder that git does not ignore, sorted; `.git` is none. */
export async function listAll(root: string): Promise<string[]> {
  const args = ["--files", "--hidden", "--sort", "path", "--glob", "!.git"]
  const { text } = await ripgrep(root, args, AbortSignal.timeout(30_000))
  return text.split("\n").filter(Boolean)
}

type Found = { text: string; error: string }

/** ripgrep ends with 1 when it found nothing and with 2 when it could not search. */
async function ripgrep(cwd: string, args: string[], signal: AbortSignal): Promise<Found> {
  return await new Promise((resolve) => {
    const options = { cwd, signal, env: cleanEnv(), maxBuffer: 32 * 1024 * 1024, timeout: 30_000 }
    execFile(rgPath, args, options, (error, stdout, stderr) => {
      resolve({ text: stdout, error: error && error.code !== 1 ? stderr || error.message : "" })
    })
  })
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
