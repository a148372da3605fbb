/** report_failure and report_proven: what a session that uses the product says of it. Aura runs their commands itself. */
import { z } from "zod"
import { defineTool, type Tool } from "../../tools/tool.ts"

export const ReportFailure = z.object({
  requirement: z.string().min(1).describe('The number of the requirement, such as "R3"'),
  what: z.string().trim().min(1).max(2000).describe("What was done with the product"),
  expected: z.string().trim().min(1).max(2000).describe("What the requirement says must come"),
  seen: z.string().trim().min(1).max(2000).describe("What came instead"),
  command: z
    .string()
    .min(1)
    .max(20_000)
    .optional()
    .describe(
      "Exits other than 0 as long as it fails, and 0 once it is right; else your last command counts",
    ),
})
export type ReportFailure = z.infer<typeof ReportFailure>

export const ReportProven = z.object({
  requirement: z.string().min(1).describe('The number of the requirement, such as "R3"'),
  how: z.string().min(1).max(20_000).describe("A command that exits 0 only because it holds"),
})
export type ReportProven = z.infer<typeof ReportProven>

type Judge = {
  /** @returns what is wrong with the report */
  refuseFailure(report: ReportFailure, signal: AbortSignal): Promise<string | undefined>
  refuseProven(report: ReportProven, signal: AbortSignal): Promise<string | undefined>
}

export function reportTools({ refuseFailure, refuseProven }: Judge): Tool[] {
  return [
    defineTool({
      name: "report_failure",
      description: "Reports that a requirement does not hold. Aura reproduces it before it counts.",
      input: ReportFailure,
      isRepeatable: true,
      run: async (input, { signal }) =>
        toOutcome(await refuseFailure(input, signal), "Reproduced and noted."),
    }),
    defineTool({
      name: "report_proven",
      description: "Reports that a requirement holds, with a command that shows it. Aura runs it itself.",
      input: ReportProven,
      isRepeatable: true,
      run: async (input, { signal }) => toOutcome(await refuseProven(input, signal), "Shown and noted."),
    }),
  ]
}

function toOutcome(refusal: string | undefined, output: string) {
  return refusal === undefined ? { output } : { output: refusal, isError: true }
}
