/** The state of a requirement as a shape and a word. */
import { type RequirementState, stateWords } from "@aura/core"
import { cx } from "../../components/cx.ts"
import { StatusIcon } from "../../components/StatusIcon.tsx"

const icons = {
  proven: "done",
  unproven: "pending",
  in_work: "in_progress",
  broken: "failed",
  waived: "blocked",
  closed: "ready",
} as const

const colors: Readonly<Record<RequirementState, string>> = {
  proven: "text-ok",
  unproven: "text-ink-2",
  in_work: "text-accent",
  broken: "text-bad",
  waived: "text-warn",
  closed: "text-ink-3",
}

export function StateIcon({ state, className }: { state: RequirementState; className?: string }) {
  return <StatusIcon status={icons[state]} {...(className ? { className } : {})} />
}

export function StateWord({ state, className }: { state: RequirementState; className?: string }) {
  return <span className={cx("whitespace-nowrap", colors[state], className)}>{stateWords[state]}</span>
}
