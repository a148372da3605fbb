/** What looking the document over found. Wordings are chosen here, and edited and saved like any change. */
import type { Finding } from "@aura/core"
import { useState } from "react"
import { usePlans } from "../../api/queries/plan.ts"
import { Button } from "../../components/Button.tsx"
import { count } from "../../components/format.ts"
import { PlanFailure, PlanProgress } from "../../parts/plan/PlanProgress.tsx"
import { findingWords, findOpen, newestLook, takeFindings } from "./findings.logic.ts"

type Document = { projectId: string; version: number; markdown: string }
type Props = { document: Document; onUse: (markdown: string) => void }

export function Findings({ document, onUse }: Props) {
  const look = newestLook(usePlans(document.projectId).data, document.version)
  if (!look) return null
  if (look.status === "running")
    return (
      <div className="shrink-0 px-4 pb-3 sm:px-6">
        <PlanProgress plan={look} made={0} />
      </div>
    )
  if (look.status !== "finished") return <PlanFailure plan={look} />
  return <Found key={look.id} document={document} findings={look.findings ?? []} onUse={onUse} />
}

function Found({ document, findings, onUse }: Props & { findings: readonly Finding[] }) {
  const [taken, setTaken] = useState<ReadonlySet<Finding>>(new Set())
  const [dropped, setDropped] = useState<ReadonlySet<Finding>>(new Set())
  const [isClosed, setClosed] = useState(false)
  const open = findOpen(document.markdown, findings, taken).filter((one) => !dropped.has(one))
  if (isClosed) return null

  function toggle(finding: Finding): void {
    const next = new Set(taken)
    if (!next.delete(finding)) next.add(finding)
    setTaken(next)
  }

  return (
    <section
      aria-label="Findings"
      className="max-h-[45vh] shrink-0 overflow-y-auto border-line border-t bg-raised px-4 py-3 sm:px-6"
    >
      <div className="flex flex-wrap items-center gap-2">
        <h2 role="status" className="mr-auto font-semibold">
          {findings.length === 0 ? "Nothing to improve was found" : count(open.length, "finding")}
        </h2>
        {taken.size > 0 && (
          <Button tone="primary" onClick={() => onUse(takeFindings(document.markdown, [...taken]))}>
            Put {count(taken.size, "wording")} into the document
          </Button>
        )}
        <Button tone="quiet" onClick={() => setClosed(true)}>
          Close
        </Button>
      </div>
      <ol className="mt-2 grid max-w-4xl gap-3">
        {open.map((finding) => (
          <li
            key={`${finding.quote}${finding.wording}`}
            className="rounded-lg border border-line p-3 text-sm"
          >
            <p className="text-pretty">
              <span className="font-medium">{findingWords[finding.kind]}.</span> {finding.why}
            </p>
            {finding.quote !== null && (
              <del className="mt-1.5 block whitespace-pre-wrap break-words text-ink-2">{finding.quote}</del>
            )}
            <ins className="mt-1 block whitespace-pre-wrap break-words no-underline">{finding.wording}</ins>
            <div className="mt-2 flex gap-2">
              <Button size="small" onClick={() => toggle(finding)}>
                {taken.has(finding) ? "Accepted" : "Accept"}
              </Button>
              {!taken.has(finding) && (
                <Button size="small" tone="quiet" onClick={() => setDropped(new Set([...dropped, finding]))}>
                  Dismiss
                </Button>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
