/** All sessions as a strip, each as full as its window was: one click travels back to it. */
import type { Session } from "@aura/core"
import { useEffect, useRef } from "react"
import { cx } from "../../components/cx.ts"
import { formatMoney, formatPercent } from "../../components/format.ts"
import { useChangeView } from "./useRunView.ts"

type Props = { sessions: readonly Session[]; shown: string | undefined; live: string | undefined }

const kinds = { plan: "planning", work: "work", chat: "chat", review: "review" } as const

export function SessionRibbon({ sessions, shown, live }: Props) {
  const change = useChangeView()
  const end = useRef<HTMLLIElement>(null)
  const count = sessions.length
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: "nearest", inline: "nearest" })
  }, [count])
  if (count < 2) return null
  const ordered = sessions.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
  return (
    <nav aria-label="Sessions of this run" className="min-w-0 shrink-0 border-line border-b">
      <ol className="flex gap-1 overflow-x-auto px-3 py-1.5 [scrollbar-width:none] sm:px-4">
        {ordered.map((session) => (
          <li key={session.id} ref={session === ordered.at(-1) ? end : undefined} className="shrink-0">
            <button
              type="button"
              aria-current={session.id === shown ? "true" : undefined}
              onClick={() =>
                change({
                  session: session.id === live ? undefined : session.id,
                  task: undefined,
                  panel: undefined,
                })
              }
              title={`Session ${session.number}, ${kinds[session.kind]}: ${formatPercent(session.contextUsage)} of the context, ${session.turns} turns, ${formatMoney(session.usage.costUsd)}`}
              className={cx(
                "flex h-7 items-center gap-2 rounded-md px-2 text-xs tabular-nums pointer-coarse:h-10",
                session.id === shown
                  ? "bg-hover font-medium text-ink"
                  : "text-ink-3 hover:bg-hover hover:text-ink",
              )}
            >
              {session.kind === "plan" ? "Plan" : session.kind === "chat" ? "Chat" : `#${session.number}`}
              <span aria-hidden="true" className="relative h-1 w-9 overflow-hidden rounded-full bg-line">
                <span
                  className={cx("absolute inset-y-0 left-0", session.id === live ? "bg-accent" : "bg-ink-3")}
                  style={{ width: `${Math.min(100, Math.max(4, session.contextUsage * 100))}%` }}
                />
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
