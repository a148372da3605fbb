/** The line under a screen: whose it is, what it does not take, and how it ended. */
import { CircleCheck, CircleX, Eye, Search, User } from "lucide-react"
import type { ReactNode } from "react"
import type { Ending, ScreenKind } from "../../api/terminal.ts"
import { IconButton } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"

export type ScreenState = { kind: "attached" } | { kind: "interrupted" } | { kind: "ended"; how: Ending }

type Props = {
  kind: ScreenKind
  by: "agent" | "check" | undefined
  state: ScreenState
  /** The number of keys typed into a read-only screen. */
  refused: number
  onFind: () => void
}

export function ScreenFoot({ kind, by, state, refused, onFind }: Props) {
  return (
    <footer className="flex min-h-9 shrink-0 items-center gap-2 border-line border-t py-0.5 pr-1 pl-4 text-ink-2 text-xs">
      <p role="status" className="flex min-w-0 items-center gap-1.5">
        {refused > 0 && state.kind === "attached" ? (
          <span key={refused} className="flex animate-arrive items-center gap-1.5 text-warn">
            <Eye aria-hidden="true" className={icon} />
            {whose(by)} is read-only: it hears nothing of what you type.
          </span>
        ) : (
          describe(kind, by, state)
        )}
      </p>
      <p className="ml-auto hidden shrink-0 text-ink-3 md:block">Ctrl+Shift+F finds, Ctrl+Shift+L leaves</p>
      <span className="ml-auto md:ml-0">
        <IconButton label="Find" icon={<Search aria-hidden="true" className="size-3.5" />} onClick={onFind} />
      </span>
    </footer>
  )
}

const icon = "size-3.5 shrink-0"

function describe(kind: ScreenKind, by: "agent" | "check" | undefined, state: ScreenState): ReactNode {
  if (state.kind === "interrupted")
    return (
      <span className="text-warn">The connection is interrupted. What is printed meanwhile is kept.</span>
    )
  if (state.kind === "ended") return <Ended kind={kind} how={state.how} />
  if (kind === "terminal")
    return (
      <>
        <User aria-hidden="true" className={icon} />
        Yours, not sandboxed
      </>
    )
  return (
    <>
      <Eye aria-hidden="true" className={icon} />
      {whose(by)}, read-only
    </>
  )
}

function whose(by: "agent" | "check" | undefined): string {
  return by === "check" ? "A check that Aura runs" : "The agent's command"
}

function Ended({ kind, how }: { kind: ScreenKind; how: Ending }) {
  const isGood = kind === "commands" && how.kind === "exit" && how.exitCode === 0
  const Icon = isGood ? CircleCheck : CircleX
  return (
    <>
      <Icon aria-hidden="true" className={cx(icon, isGood ? "text-ok" : "text-bad")} />
      <span className="text-ink">{howItEnded(kind, how)}</span>
    </>
  )
}

function howItEnded(kind: ScreenKind, how: Ending): string {
  if (how.kind === "exit") return how.reason ?? `The shell ended with exit code ${how.exitCode}.`
  return kind === "terminal"
    ? "This terminal has ended: Aura was started anew, or it was ended elsewhere."
    : "This command has ended. What it printed is in its session."
}
