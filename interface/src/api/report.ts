/** Hands a project's report to the person as a file. */
import { toMessage } from "@aura/core"
import { client } from "./client.ts"
import { tellProblem } from "./notices.ts"

const names = { html: "proof.html", markdown: "proof.md", json: "aura-certificate.json" } as const
export type ReportFormat = keyof typeof names

export async function saveReport(projectId: string, format: ReportFormat): Promise<void> {
  try {
    const answer = await client.open("getReport", { params: { p: projectId }, query: { format } })
    const url = URL.createObjectURL(await answer.blob())
    const link = document.createElement("a")
    link.href = url
    link.download = names[format]
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  } catch (thrown) {
    tellProblem(toMessage(thrown))
  }
}
