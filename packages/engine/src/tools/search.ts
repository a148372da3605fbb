/** Finding things: find_files by name, search_code by content, both with ripgrep. */
import { isSecretFile, removed } from "@aura/core"
import type { Workspace } from "@aura/workspace"
import { z } from "zod"
import { showPath } from "./show-path.ts"
import { defineTool, type Tool } from "./tool.ts"

const maxLines = 200

export function searchTools({ search }: Pick<Workspace, "search">): Tool[] {
  return [
    defineTool({
      name: "find_files",
      description: "Finds files by a glob such as src/**/*.ts. What git ignores is left out.",
      input: z.object({ pattern: z.string().min(1) }),
      async run(input, { signal }) {
        const { paths, error } = await search.files(input.pattern, signal)
        return toOutcome(paths.map(showPath), error, "No file matches.")
      },
    }),
    defineTool({
      name: "search_code",
      description: "Searches contents with a regular expression (ripgrep); gives path:line:text.",
      input: z.object({
        pattern: z.string().min(1),
        path: z.string().optional().describe("Only files below this, or a glob"),
      }),
      run: async (input, { signal }) => {
        const { pattern, path } = input
        const { hits, error } = await search.lines(
          path ? { pattern, glob: toGlob(path) } : { pattern },
          signal,
        )
        return toOutcome(hits.map(showHit), error, "Nothing found.")
      },
    }),
  ]
}

/** A path means all that is below it. */
function toGlob(path: string): string {
  return /[*?{]/.test(path) ? path : `${path.replace(/(?<!\/)\/+$/, "")}{,/**}`
}

/** `path:line:text`; of a file that holds secrets only where it was found. */
function showHit({ path, line, text }: { path: string; line: number; text: string }): string {
  return `${showPath(path)}:${line}:${isSecretFile(path) ? ` ${removed}` : text}`
}

function toOutcome(lines: readonly string[], error: string, nothing: string) {
  if (error && lines.length === 0) return { output: error, isError: true }
  if (lines.length === 0) return { output: nothing }
  const more = lines.length > maxLines ? `\n… ${lines.length - maxLines} more; narrow the search.` : ""
  return { output: lines.slice(0, maxLines).join("\n") + more }
}
