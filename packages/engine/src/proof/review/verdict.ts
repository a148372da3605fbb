/** verdict: how a review ends. */
import { z } from "zod"
import { defineTool, type Tool } from "../../tools/tool.ts"

const Finding = z
  .union([z.string().min(1), z.record(z.string(), z.unknown())])
  .describe("The file, what is wrong, and what would be right")

export const VerdictInput = z.object({
  accept: z.boolean().describe("False sends the work back"),
  findings: z.array(Finding).max(50).default([]),
})

export type Verdict = { accept: boolean; findings: string[] }

export function verdictTool(): Tool {
  return defineTool({
    name: "verdict",
    description: "Ends the review: accepts the change, or sends it back with what is wrong.",
    input: VerdictInput,
    run: async ({ accept, findings }) =>
      accept || findings.length > 0
        ? { output: "Noted.", ends: true }
        : { output: "Say in findings what is wrong, for whoever fixes it.", isError: true },
  })
}

export function readVerdict(input: Record<string, unknown>): Verdict | undefined {
  const said = VerdictInput.safeParse(input).data
  return said && { accept: said.accept, findings: said.findings.map(toText) }
}

function toText(finding: z.infer<typeof Finding>): string {
  if (typeof finding === "string") return finding
  return Object.entries(finding)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("; ")
}
