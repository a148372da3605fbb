/** Names and values in two columns. */
import type { ReactNode } from "react"
import { cx } from "./cx.ts"

export type Fact = readonly [name: string, value: ReactNode]

export function Facts({
  facts,
  className,
}: {
  facts: readonly (Fact | false | undefined)[]
  className?: string
}) {
  return (
    <dl className={cx("flex flex-col gap-1 text-sm", className)}>
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]} className="flex items-baseline justify-between gap-4">
              <dt className="shrink-0 text-ink-3">{fact[0]}</dt>
              <dd className="min-w-0 truncate text-right text-ink-2 tabular-nums">{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
