/** Finding things: find_files by name, search_code by content, both with ripgrep. */
import { isSecretFile, removed } from "@aura/core"
import { type Found, ripgrep, type Workspace } from "@aura/workspace"
import { z } from "zod"
import { showPath } from "./show-path.ts"
import { defineTool, type Tool } from "./tool.ts"

const maxLines = 200

export function searchTools(workspace: Workspace): Tool[] {
  return [
    defineTool({
      name: "find_files",
      description: "Finds files by a glob such as src/**/*.ts. What git ignores is left out.",
      input: z.object({ pattern: z.string().min(1) }),
      isReading: true,
      isRepeatable: true,
      async run(input, { signal }) {
        const args = ["--files", "--null", "--hidden", "--sort", "path", "--glob", "!.git"]
        const found = await ripgrep(workspace.root, [...args, "--glob", input.pattern], signal)
        return toOutcome(found, found.text.split("\0").filter(Boolean).map(showPath), "No file matches.")
      },
    }),
    defineTool({
      name: "search_code",
      description: "Searches file contents with a regular expression (ripgrep's); gives path:line:text.",
      input: z.object({
        pattern: z.string().min(1),
        path: z.string().optional().describe("Only files below this, or a glob"),
      }),
      isReading: true,
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
          "--with-filename",
          "--null",
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
        const found = await ripgrep(workspace.root, args, signal)
        return toOutcome(found, readHits(found.text), "Nothing found.")
      },
    }),
  ]
}

/** `path:line:text` of each hit; of a file that holds secrets only where it was found. */
function readHits(text: string): string[] {
  const hits: string[] = []
  let at = 0
  // A path ends with NUL: it may hold line breaks and colons itself.
  for (let end = text.indexOf("\0", at); end >= 0; end = text.indexOf("\0", at)) {
    const path = text.slice(at, end).replace(/^\.\//, "")
    const next = text.indexOf("\n", end)
    const hit = text.slice(end + 1, next < 0 ? text.length : next)
    const [number = ""] = hit.split(":", 1)
    hits.push(`${showPath(path)}:${isSecretFile(path) ? `${number}: ${removed}` : hit}`)
    at = next < 0 ? text.length : next + 1
  }
  return hits
}

function toOutcome(found: Found, lines: readonly string[], nothing: string) {
  if (found.error && lines.length === 0) return { output: found.error, isError: true }
  if (lines.length === 0) return { output: nothing }
  const more = lines.length > maxLines ? `\n… ${lines.length - maxLines} more; narrow the search.` : ""
  return { output: lines.slice(0, maxLines).join("\n") + more }
}
