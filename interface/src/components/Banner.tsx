/** A line across the page about something that affects all of it. */
import type { ReactNode } from "react"
import { cx } from "./cx.ts"

const tones = {
  note: "bg-accent-soft text-ink",
  warn: "bg-warn-soft text-ink",
  bad: "bg-bad-soft text-ink",
  ok: "bg-ok-soft text-ink",
} as const

type Props = {
  tone: keyof typeof tones
  icon?: ReactNode
  children: ReactNode
  actions?: ReactNode
}

export function Banner({ tone, icon, children, actions }: Props) {
  return (
    <div className={cx("flex items-center gap-2.5 px-4 py-2 text-sm sm:px-6", tones[tone])}>
      {icon}
      <div className="min-w-0 flex-1 text-pretty">{children}</div>
      {actions}
    </div>
  )
}
