/** A proposed version of a spec beside the present one, and the decision on it. */
import type { SpecProposal as Proposal, Spec } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { Check, Columns2, Rows2 } from "lucide-react"
import { useMemo, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { useProposalDiff } from "../../api/queries/plan.ts"
import { Button, buttonClass } from "../../components/Button.tsx"
import { DiffTable } from "../../components/DiffTable.tsx"
import { measureDiff, parseDiff, toHunks } from "../../components/diff.logic.ts"
import { formatTime } from "../../components/format.ts"
import { Loading, Problem } from "../../components/Placeholder.tsx"
import { Size } from "../../components/Size.tsx"
import { KeepDone } from "./KeepDone.tsx"

type Props = { spec: Spec; proposal: Proposal; split: boolean }

export default function SpecProposal({ spec, proposal, split }: Props) {
  const diff = useProposalDiff(spec)
  const accept = useCommand("acceptProposal")
  const discard = useCommand("discardProposal")
  const [keepDone, setKeepDone] = useState(false)
  const params = { p: spec.projectId, s: spec.id }
  const size = useMemo(() => measureDiff(parseDiff(diff.data?.diff ?? "")), [diff.data])
  const Icon = split ? Rows2 : Columns2
  return (
    <section
      aria-label="Proposed version"
      className="overflow-hidden rounded-lg border border-line-strong bg-surface"
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-2 border-line border-b bg-sunken py-2 pr-2 pl-4">
        <div className="mr-auto min-w-0 basis-full sm:flex-1 sm:basis-0">
          <h3 className="font-medium">
            A new version is proposed <Size {...size} />
          </h3>
          <p className="text-pretty text-ink-3 text-sm">
            {formatTime(proposal.createdAt)}
            {proposal.note && <> · “{proposal.note}”</>}
          </p>
        </div>
        <Link
          to="/projects/$projectId/specs/$specId"
          params={{ projectId: spec.projectId, specId: spec.id }}
          search={split ? {} : { view: "split" }}
          replace
          aria-label={split ? "Unified" : "Side by side"}
          title={split ? "Unified" : "Side by side"}
          className={buttonClass("quiet", "square")}
        >
          <Icon aria-hidden="true" className="size-4" />
        </Link>
        <Button tone="quiet" busy={discard.isPending} onClick={() => discard.mutate({ params })}>
          Discard
        </Button>
        <Button
          tone="primary"
          busy={accept.isPending}
          disabled={!diff.data}
          icon={<Check aria-hidden="true" className="size-3.5" />}
          onClick={() => accept.mutate({ params, body: { planId: proposal.planId, keepDone } })}
        >
          Accept
        </Button>
      </header>
      <div className="px-4 py-1.5 empty:hidden">
        <KeepDone spec={spec} isKept={keepDone} onChange={setKeepDone} />
      </div>
      {proposal.title !== spec.title && (
        <p className="border-line border-b px-4 py-2 text-sm">
          <span className="text-ink-3">Title </span>
          <del className="bg-bad-soft">{spec.title}</del>{" "}
          <ins className="bg-ok-soft no-underline">{proposal.title}</ins>
        </p>
      )}
      {diff.isError && <Problem error={diff.error} onRetry={() => void diff.refetch()} />}
      {!diff.data && !diff.isError && <Loading rows={5} />}
      {diff.data && <Hunks diff={diff.data.diff} split={split} />}
    </section>
  )
}

function Hunks({ diff, split }: { diff: string; split: boolean }) {
  const hunks = useMemo(() => toHunks(diff), [diff])
  if (hunks.length === 0) return <p className="px-4 py-3 text-ink-3 text-sm">Only the title changes.</p>
  return (
    <div className="py-1">
      {hunks.map((hunk, place) => (
        <div key={`${hunk.lines[0]?.before ?? ""}:${hunk.lines[0]?.after ?? ""}`}>
          {place > 0 && (
            <p className="bg-sunken px-4 text-ink-3 text-xs leading-5" aria-hidden="true">
              …
            </p>
          )}
          <DiffTable lines={hunk.lines} split={split} />
        </div>
      ))}
    </div>
  )
}
