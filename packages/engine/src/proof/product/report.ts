/** report_failure and report_proven: what a session that uses the product says of it. Aura runs their commands itself. */
import { z } from "zod"
import { defineTool, type Tool } from "../../tools/tool.ts"

/** A page to be opened in a browser, and what must be true of it. */
const Look = z.object({
  page: z.string().min(1).max(2000).describe("An HTML file or http://localhost:PORT/…"),
  serve: z.string().min(1).max(4000).optional().describe("Command that starts its server"),
  script: z
    .string()
    .min(1)
    .max(20_000)
    .describe("JavaScript that uses the page and returns true only if the requirement holds"),
})
export type Look = z.infer<typeof Look>
const look = Look.optional().describe("In place of a command, for what only a browser shows")

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
  look,
})
export type ReportFailure = z.infer<typeof ReportFailure>

export const ReportProven = z.object({
  requirement: z.string().min(1).describe('The number of the requirement, such as "R3"'),
  how: z.string().min(1).max(20_000).optional().describe("A command that exits 0 only because it holds"),
  look,
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
      run: async (input, { signal }) =>
        toOutcome(await refuseFailure(input, signal), "Reproduced and noted."),
    }),
    defineTool({
      name: "report_proven",
      description: "Reports that a requirement holds, with a command that shows it. Aura runs it itself.",
      input: ReportProven,
      run: async (input, { signal }) => toOutcome(await refuseProven(input, signal), "Shown and noted."),
    }),
  ]
}

/** As it is stored and told: a command, or the page that was looked at. */
export function describeHow({ how, look: seen }: Pick<ReportProven, "how" | "look">): string {
  return how ?? `${lookedAt}${JSON.stringify(seen)}`
}

const lookedAt = "look_at_page "

/** What has to be true in a browser, and is no command to be run. */
export function isLook(how: string): boolean {
  return how.startsWith(lookedAt)
}

function toOutcome(refusal: string | undefined, output: string) {
  return refusal === undefined ? { output } : { output: refusal, isError: true }
}
