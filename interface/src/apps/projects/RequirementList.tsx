/** The numbered requirements and how far each one is. */
import type { Requirement } from "@aura/core"
import { cx } from "../../components/cx.ts"
import { StatusIcon } from "../../components/StatusIcon.tsx"
import type { Proof } from "./requirements.logic.ts"

type Props = {
  requirements: readonly Requirement[]
  proofs: ReadonlyMap<string, Proof>
  selected: string | undefined
  /** True once there are tasks, so that it means something to say that one is missing. */
  planned: boolean
  onSelect: (id: string) => void
}

export function RequirementList({ requirements, proofs, selected, planned, onSelect }: Props) {
  if (requirements.length === 0) {
    return (
      <p className="px-6 py-5 text-pretty text-ink-2 text-sm">
        No numbered statements were found in the document. Write what the software must do as list items or
        sentences with “must” or “should”.
      </p>
    )
  }
  return (
    <ol
      aria-label="Numbered requirements"
      className="max-h-56 overflow-y-auto border-line border-b p-2 md:max-h-none md:border-r md:border-b-0"
    >
      {requirements.map((requirement) => (
        <li key={requirement.id} className="[contain-intrinsic-size:auto_2.5rem] [content-visibility:auto]">
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
            {planned && <ProofMark proof={proofs.get(requirement.id) ?? "no task"} />}
          </button>
        </li>
      ))}
    </ol>
  )
}

function reveal(button: HTMLElement | null): void {
  button?.scrollIntoView({ block: "nearest" })
}

const icons = {
  proven: "done",
  failed: "failed",
  "in progress": "in_progress",
  planned: "pending",
  "no task": "blocked",
} as const

function ProofMark({ proof }: { proof: Proof }) {
  return (
    <span title={proof} className="mt-0.5">
      <StatusIcon status={icons[proof]} />
      <span className="sr-only">{proof}</span>
    </span>
  )
}
