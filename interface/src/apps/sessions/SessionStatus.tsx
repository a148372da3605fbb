/** The status of a session, as an icon and a label. */
import type { Session } from "@aura/core"
import { cx } from "../../components/cx.ts"
import { StateDot, type StateTone } from "../../components/StateDot.tsx"

const states: Readonly<Record<Session["status"], { tone: StateTone; word: string }>> = {
  active: { tone: "working", word: "active" },
  completed: { tone: "ok", word: "completed" },
  failed: { tone: "bad", word: "failed" },
  rolled_over: { tone: "idle", word: "rolled over" },
}

type Props = { status: Session["status"]; atWork: boolean; className?: string }

/** An active session may rest: between two runs nobody works in it. */
export function SessionStatus({ status, atWork, className }: Props) {
  const { tone, word } = states[status]
  return (
    <span className={cx("flex items-center gap-2 whitespace-nowrap text-ink-2", className)}>
      <StateDot tone={status === "active" && !atWork ? "idle" : tone} />
      {word}
    </span>
  )
}
