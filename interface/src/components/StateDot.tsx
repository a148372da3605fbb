/** A dot beside the name of a state; it never appears without the name. */
import { cx } from "./cx.ts"

export type StateTone = "idle" | "working" | "ok" | "warn" | "bad"

const dots: Readonly<Record<StateTone, string>> = {
  idle: "border border-ink-3",
  working: "bg-accent animate-breathe",
  ok: "bg-ok",
  warn: "bg-warn",
  bad: "bg-bad",
}

export function StateDot({ tone, className }: { tone: StateTone; className?: string }) {
  return <span aria-hidden="true" className={cx("size-2 shrink-0 rounded-full", dots[tone], className)} />
}
