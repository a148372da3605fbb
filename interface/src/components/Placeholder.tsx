/** Placeholders for missing content: empty, loading, failed. */
import { toMessage } from "@aura/core"
import type { ReactNode } from "react"
import { Button } from "./Button.tsx"
import { cx } from "./cx.ts"

type EmptyProps = {
  heading?: "h1" | "h2"
  title: string
  children?: ReactNode
  actions?: ReactNode
  className?: string
}

export function Empty({ heading: Heading = "h2", title, children, actions, className }: EmptyProps) {
  return (
    <div
      className={cx("mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-20 text-center", className)}
    >
      <Heading className="text-lg font-semibold tracking-tight">{title}</Heading>
      {children && <div className="text-pretty text-ink-2">{children}</div>}
      {actions && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}

const widths = [88, 64, 76, 52, 82, 58, 70, 46, 79] as const

/** Grey bars in the shape of the loading content. */
export function Loading({ rows = 5, className }: { rows?: number; className?: string }) {
  return (
    <div role="status" className={cx("flex flex-col gap-3 p-6", className)}>
      <span className="sr-only">Loading</span>
      {widths.slice(0, rows).map((width) => (
        <div key={width} className="h-4 animate-breathe rounded-md bg-hover" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}

export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-20 text-center">
      <h2 className="text-lg font-semibold tracking-tight">This could not be loaded</h2>
      <p className="text-ink-2">{toMessage(error)}</p>
      {onRetry && (
        <Button className="mt-3" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}
