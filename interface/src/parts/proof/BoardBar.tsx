/** How a project's requirements stand, in one line. */
import type { Ledger } from "@aura/core"
import { cx } from "../../components/cx.ts"
import { toBoard } from "./board.logic.ts"

const fills = {
  proven: "bg-ok",
  waived: "bg-ok/40",
  in_work: "bg-accent",
  unproven: "bg-line-strong",
  broken: "bg-bad",
} as const

export function BoardBar({ ledger }: { ledger: Ledger }) {
  const { parts, text } = toBoard(ledger)
  return (
    <span className="flex min-w-0 items-center gap-3">
      <span
        aria-hidden="true"
        className="flex h-1.5 w-24 shrink-0 gap-px overflow-hidden rounded-full bg-line sm:w-36"
      >
        {parts.map(({ state, share }) => (
          <span
            key={state}
            className={cx("h-full transition-[width] duration-300 ease-out", fills[state])}
            style={{ width: `${share * 100}%` }}
          />
        ))}
      </span>
      <span className="truncate text-ink-2 text-sm tabular-nums">{text}</span>
    </span>
  )
}
