/** The numbered requirements and how far each one is, and what of the document was not counted. */
import { type LedgerRow, type Requirement, stateWords, type Uncounted } from "@aura/core"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { StateIcon } from "../../parts/proof/StateMark.tsx"
import { DoubtQuestion } from "./DoubtQuestion.tsx"
import { reasons } from "./requirements.logic.ts"

type Props = {
  projectId: string
  uncounted: readonly Uncounted[]
  requirements: readonly Requirement[]
  /** The state of each requirement. */
  rows: readonly LedgerRow[]
  selected: string | undefined
  /** True once there are tasks, so that it means something to say that one is missing. */
  planned: boolean
  onSelect: (id: string) => void
}

export function RequirementList(props: Props) {
  const { projectId, requirements, uncounted, rows, selected, planned, onSelect } = props
  const decide = useCommand("decideCount")
  const say = (text: string, counts: boolean) =>
    decide.mutate({ params: { p: projectId }, body: { text, counts } })
  const byId = new Map(rows.map((row) => [row.id, row]))
  if (requirements.length === 0) {
    return (
      <p className="px-6 py-5 text-pretty text-ink-2 text-sm">
        No numbered statements were found in the document. Write what the software must do as list items or
        sentences with “must” or “should”.
      </p>
    )
  }
  return (
    <div className="max-h-56 overflow-y-auto border-line border-b p-2 md:max-h-none md:border-r md:border-b-0">
      <ol aria-label="Numbered requirements">
        {requirements.map((requirement) => {
          const row = byId.get(requirement.id)
          return (
            <li
              key={requirement.id}
              className="group relative [contain-intrinsic-size:auto_2.5rem] [content-visibility:auto]"
            >
              <button
                type="button"
                ref={requirement.id === selected ? reveal : undefined}
                data-row
                aria-current={requirement.id === selected || undefined}
                onClick={() => onSelect(requirement.id)}
                className={cx(
                  "flex w-full items-start gap-3 rounded-md px-3 py-1.5 text-left text-sm -outline-offset-2",
                  requirement.id === selected ? "bg-accent-soft" : "hover:bg-hover",
                )}
              >
                <span className="w-7 shrink-0 text-ink-3 tabular-nums">{requirement.id}</span>
                <span className="line-clamp-2 min-w-0 flex-1 wrap-anywhere">{requirement.text}</span>
                {(requirement.unsure || row?.doubt) && (
                  <span className="shrink-0 rounded border border-line px-1.5 text-ink-3 text-xs">
                    unsure
                  </span>
                )}
                {planned && row && <ProofMark row={row} />}
              </button>
              <div
                className={cx(
                  "flex justify-end gap-1.5 px-3 pb-1",
                  !requirement.unsure && requirement.id !== selected && "hidden",
                )}
              >
                {requirement.unsure && (
                  <Button
                    size="small"
                    aria-label={`${requirement.id} is a requirement`}
                    onClick={() => say(requirement.text, true)}
                  >
                    Count
                  </Button>
                )}
                <Button
                  size="small"
                  tone="quiet"
                  aria-label={`Do not count ${requirement.id}`}
                  onClick={() => say(requirement.text, false)}
                >
                  Do not count
                </Button>
              </div>
              {row?.doubt && <Doubt row={row} of={byId.get(row.doubt)} projectId={projectId} />}
            </li>
          )
        })}
      </ol>
      {uncounted.length > 0 && (
        <details className="mt-2 border-line border-t pt-2">
          <summary className="cursor-pointer rounded-md px-3 py-1.5 text-ink-2 text-sm hover:bg-hover">
            Not counted ({uncounted.length})
          </summary>
          <ul aria-label="Not counted">
            {uncounted.map((one) => (
              <li
                key={`${one.line}:${one.text}`}
                className="flex items-start gap-2 px-3 py-1.5 text-sm [contain-intrinsic-size:auto_2.5rem] [content-visibility:auto]"
              >
                <span className="min-w-0 flex-1">
                  <span className="line-clamp-2 wrap-anywhere">{one.text}</span>
                  <span className="text-ink-3 text-xs">
                    Line {one.line} · {reasons[one.reason]}
                  </span>
                </span>
                <Button
                  size="small"
                  tone="quiet"
                  aria-label={`Count line ${one.line}`}
                  onClick={() => say(one.text, true)}
                >
                  Count
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

/** Of a rewording what it said before; of a new one what the requirement said that it may be. */
function Doubt({ row, of, projectId }: { row: LedgerRow; of: LedgerRow | undefined; projectId: string }) {
  const decide = useCommand("decideIdentity")
  if (!of) return null
  const before = of.id === row.id ? (row.earlier.at(-1)?.text ?? row.text) : of.text
  return (
    <ul className="px-3 pb-1">
      <DoubtQuestion
        requirementId={row.id}
        text={row.text}
        of={of.id}
        before={before}
        onDecide={(body) => decide.mutate({ params: { p: projectId }, body })}
      />
    </ul>
  )
}

function reveal(button: HTMLElement | null): void {
  button?.scrollIntoView({ block: "nearest" })
}

function ProofMark({ row }: { row: LedgerRow }) {
  return (
    <span title={row.why ?? stateWords[row.state]} className="mt-0.5">
      <StateIcon state={row.state} />
      <span className="sr-only">{stateWords[row.state]}</span>
    </span>
  )
}
