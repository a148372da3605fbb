/** A line that expands and collapses the content below it. */
import { ChevronRight } from "lucide-react"
import type { ReactNode } from "react"
import { cx } from "./cx.ts"

type Props = {
  open: boolean
  onToggle: (open: boolean) => void
  summary: ReactNode
  /** Shown instead of the arrow until the pointer is over the line. */
  icon?: ReactNode
  children: ReactNode
  className?: string
}

export function Fold({ open, onToggle, summary, icon, children, className }: Props) {
  return (
    <details
      open={open}
      onToggle={(event) => {
        const asked = event.currentTarget.open
        if (asked !== open) onToggle(asked)
      }}
      className={className}
    >
      <summary className="group/fold flex w-full min-w-0 items-center gap-2 rounded-md px-2 py-1 hover:bg-hover pointer-coarse:py-2">
        <span className="flex size-4 shrink-0 items-center justify-center text-ink-3">
          {icon && <span className="group-hover/fold:hidden">{icon}</span>}
          <ChevronRight
            aria-hidden="true"
            className={cx(
              "size-3.5 transition-transform duration-150",
              open && "rotate-90",
              icon !== undefined && "hidden group-hover/fold:block",
            )}
          />
        </span>
        {summary}
      </summary>
      {open && children}
    </details>
  )
}
