/** Figures beside a page: a column where there is room, else one line that opens. */
import { ChevronDown } from "lucide-react"
import type { ReactNode } from "react"
import { useWide } from "../hooks/useWide.ts"

type Props = { label: string; summary: ReactNode; children: ReactNode }

export function Beside({ label, summary, children }: Props) {
  const wide = useWide()
  if (wide) {
    return (
      <aside
        aria-label={label}
        className="flex w-72 shrink-0 flex-col gap-6 overflow-y-auto border-line border-l p-5 xl:w-80"
      >
        {children}
      </aside>
    )
  }
  return (
    <details className="group shrink-0 border-line border-b">
      <summary className="flex items-center gap-2 px-4 py-2 text-ink-2 text-sm tabular-nums sm:px-6">
        <span className="min-w-0 flex-1 truncate">{summary}</span>
        <ChevronDown
          aria-hidden="true"
          className="size-4 text-ink-3 transition-transform group-open:rotate-180"
        />
      </summary>
      <div className="flex max-h-[50dvh] flex-col gap-6 overflow-y-auto px-4 pt-2 pb-5 sm:px-6">
        {children}
      </div>
    </details>
  )
}
