/** look_at_page: what a person would see of a page, in a browser inside the sandbox. */
import { describeOver, lookAtPage, type Seen, type Workspace } from "@aura/workspace"
import { z } from "zod"
import { type Eyes, showMedia } from "./eyes.ts"
import { defineTool, type Tool, type ToolOutcome } from "./tool.ts"

const timeoutMs = 180_000
const maxTree = 8_000

/** @param browser where it is; undefined: the tool is not offered */
export function pageTools(
  workspace: Pick<Workspace, "run">,
  browser: string | undefined,
  eyes: Eyes | undefined,
): Tool[] {
  if (browser === undefined) return []
  return [
    defineTool({
      name: "look_at_page",
      description:
        "Opens a page in a browser: screenshot, errors, accessibility tree. For all that has an interface.",
      input: z.object({
        page: z.string().min(1).max(2000).describe("An HTML file or http://localhost:PORT/…"),
        serve: z.string().min(1).max(4000).optional().describe("Command that starts its server"),
        script: z.string().min(1).max(20_000).optional().describe("JavaScript to run in it first"),
        width: z.int().min(200).max(2000).optional(),
      }),
      async run(input, { signal, onOutput, onBegin }) {
        const seen = await lookAtPage(workspace, browser, input, { timeoutMs, signal, onOutput, onBegin })
        if (!("ended" in seen)) return await toOutcome(seen, eyes)
        const { over, aborted, output } = seen.ended
        const why = over
          ? describeOver(over, timeoutMs)
          : aborted
            ? "was stopped by the user"
            : "The browser could not be run."
        return { output: `${why}\n${output.slice(-2000)}`.trim(), isError: true }
      },
    }),
  ]
}

async function toOutcome({ picture, ...seen }: Seen, eyes: Eyes | undefined): Promise<ToolOutcome> {
  const { problem, messages = [], tree = "", server = "", status, title = "", script } = seen
  const said = server.trim() === "" ? "" : `What the server printed last:\n${server.trim()}`
  if (problem !== undefined) return { output: [problem, said].filter(Boolean).join("\n"), isError: true }
  const shown = picture && (await showMedia("The screenshot", picture, eyes))
  const output = [
    `"${title}" at ${seen.url ?? "?"}${status === undefined ? "" : `, status ${status}`}`,
    script === undefined ? "" : `The script: ${script}`,
    messages.length > 0
      ? `Errors and warnings:\n${messages.map((line) => `- ${line}`).join("\n")}`
      : "No errors.",
    `Accessibility tree:\n${tree.length > maxTree ? `${tree.slice(0, maxTree)}\n…` : tree}`,
    // The same in a replay, whatever the size of the file.
    shown?.media ? "The screenshot is shown." : "The model at work cannot see the screenshot.",
  ]
  return { output: output.filter(Boolean).join("\n\n"), ...(shown?.media && { media: shown.media }) }
}
