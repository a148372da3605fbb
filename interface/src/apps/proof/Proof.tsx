/** The board: every requirement, how it stands and why, and what proves it. */
import { type Ledger, stateWords } from "@aura/core"
import { Link, useSearch } from "@tanstack/react-router"
import { useLedger } from "../../api/queries/requirements.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { saveReport } from "../../api/report.ts"
import { cx } from "../../components/cx.ts"
import { count } from "../../components/format.ts"
import { MoreMenu } from "../../components/MoreMenu.tsx"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { PlanMissing } from "../../parts/plan/PlanMissing.tsx"
import { type ProofSearch, parseProofSearch, states, toShare } from "../../parts/proof/proof.logic.ts"
import { StateIcon } from "../../parts/proof/StateMark.tsx"
import { ProofRow } from "./ProofRow.tsx"

export default function Proof() {
  const projectId = useProjectId()
  const { state, r } = useSearch({ from: "/shell/projects/$projectId/proof" })
  const ledger = useLedger(projectId)
  const tasks = useTasks(projectId)
  if (ledger.error) return <Problem error={ledger.error} onRetry={ledger.retry} />
  if (!ledger.data || !tasks.data) return <Loading rows={9} />
  const shown = ledger.data.items.filter((row) => !state || row.state === state)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="max-w-7xl px-4 py-4 sm:px-6">
        <div className="flex items-start gap-3">
          <Summary ledger={ledger.data} />
          <PlanMissing projectId={projectId} ledger={ledger.data} />
          <span className="ml-auto">
            <MoreMenu
              label="Report"
              items={[
                { label: "Save the report as a page", act: () => void saveReport(projectId, "html") },
                { label: "Save it for a pull request", act: () => void saveReport(projectId, "markdown") },
                { label: "Save the certificate", act: () => void saveReport(projectId, "json") },
              ]}
            />
          </span>
        </div>
        <Filter ledger={ledger.data} state={state} projectId={projectId} />
        {shown.length === 0 ? (
          <Empty
            title={state ? `No requirement is ${stateWords[state]}` : "No requirements yet"}
            className="py-12"
          />
        ) : (
          <ol aria-label="Requirements and their proof" className="-mx-3 mt-2">
            {shown.map((row) => (
              <ProofRow
                key={row.id}
                row={row}
                tasks={tasks.data}
                projectId={projectId}
                isChosen={row.id === r}
              />
            ))}
          </ol>
        )}
      </div>
    </div>
  )
}

function Summary({ ledger }: { ledger: Ledger }) {
  const { settled, total, open } = toShare(ledger)
  const waived = ledger.counts.waived > 0 ? `, ${ledger.counts.waived} of them waived` : ""
  return (
    <p role="status" className="mb-3 text-pretty text-md">
      {open.length === 0 && total > 0
        ? `All ${count(total, "requirement")} are settled${waived}.`
        : `${settled} of ${count(total, "requirement")} are settled${waived}; ${open.length} still ${open.length === 1 ? "needs" : "need"} proof.`}
    </p>
  )
}

type FilterProps = { ledger: Ledger; state: ProofSearch["state"]; projectId: string }

function Filter({ ledger, state, projectId }: FilterProps) {
  const to = { to: "/projects/$projectId/proof", params: { projectId } } as const
  const chip = (chosen: boolean) =>
    cx(
      "flex items-center gap-1.5 rounded-md px-2 py-1 text-sm pointer-coarse:py-2",
      chosen ? "bg-hover text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
    )
  return (
    <nav aria-label="Filter by state" className="-mx-2 flex flex-wrap gap-0.5">
      <Link {...to} search={{}} className={chip(!state)} aria-current={state ? undefined : "true"}>
        All <span className="text-ink-3 tabular-nums">{ledger.items.length}</span>
      </Link>
      {states
        .filter((name) => ledger.counts[name] > 0 || name === state)
        .map((name) => (
          <Link
            key={name}
            {...to}
            search={parseProofSearch({ state: name })}
            className={chip(state === name)}
            aria-current={state === name ? "true" : undefined}
          >
            <StateIcon state={name} className="size-3.5" />
            <span className="first-letter:uppercase">{stateWords[name]}</span>
            <span className="text-ink-3 tabular-nums">{ledger.counts[name]}</span>
          </Link>
        ))}
    </nav>
  )
}
