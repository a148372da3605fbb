/** The phase that looks the requirements document over: gaps, contradictions, and what nobody could check. */
import { type Finding, findingKinds, type Plan, type Project } from "@aura/core"
import { plans, requirements } from "@aura/domain"
import { z } from "zod"
import type { Engine } from "../engine.ts"
import { describeEnvironment } from "../session/environment.ts"
import { fillPrompt } from "../session/prompt.ts"
import { defineTool, type Tool } from "../tools/tool.ts"
import { lookTools, type Phase } from "./phases.ts"

const maxFindings = 20

const ReportFinding = z.object({
  kind: z.enum(findingKinds),
  quote: z.string().max(4000).optional().describe("Exact text of the document; leave it out for a gap"),
  why: z.string().trim().min(1).max(1000).describe("One sentence for the author"),
  wording: z.string().trim().min(1).max(4000).describe("What should stand there instead, or be added"),
})

export async function lookOverPhase(engine: Engine, project: Project, plan: Plan): Promise<Phase> {
  const { aura } = engine
  const document = await requirements.current(aura, project.id)
  const findings: Finding[] = []
  return {
    system: fillPrompt(new URL("./look-over.md", import.meta.url), { max: String(maxFindings) }),
    prompt: [
      `# Project: ${project.name}`,
      `The requirements document:\n\n<document>\n${document.markdown}\n</document>`,
      await describeEnvironment(engine, project),
      "Look the document over.",
    ].join("\n\n"),
    tools: [reportFinding(document.markdown, findings), ...(await lookTools(engine, project))],
    findProblems: async () => [],
    clear: () => void findings.splice(0),
    store: () => plans.keepFindings(aura, plan.id, findings),
  }
}

/** Takes what a person can use: a passage that is there, and a wording that differs. */
export function reportFinding(markdown: string, findings: Finding[]): Tool {
  return defineTool({
    name: "report_finding",
    description: "Reports one fault of the document with a wording that fixes it.",
    input: ReportFinding,
    async run({ kind, quote = "", why, wording }) {
      const refuse = (output: string) => ({ output, isError: true })
      if (findings.length >= maxFindings) return refuse(`${maxFindings} are reported. End your turn.`)
      if (quote.trim() === "" && kind !== "gap") return refuse("Quote the passage it is about.")
      if (quote !== "" && !markdown.includes(quote))
        return refuse("The document does not say that. Quote it character for character.")
      if (quote.trim() === wording) return refuse("The wording is what stands there already.")
      const isKnown = findings.some((one) => (quote === "" ? one.wording === wording : one.quote === quote))
      if (isKnown) return refuse("That is reported already.")
      findings.push({ kind, quote: quote.trim() === "" ? null : quote, why, wording })
      return { output: `Finding ${findings.length} is noted.` }
    },
  })
}
