/** How full a session's context window is, and where it turns over. */
import type { Session } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { Facts } from "../../components/Facts.tsx"
import { formatPercent, formatTokens } from "../../components/format.ts"
import { Meter } from "../../components/Meter.tsx"

export function ContextMeter({ session, linked = true }: { session: Session; linked?: boolean }) {
  const used = `${formatTokens(session.contextTokens)} of ${formatTokens(session.contextWindow)}`
  const params = { projectId: session.projectId, sessionId: session.id }
  return (
    <section>
      <h2 className="mb-2 font-medium text-ink-3 text-sm">
        {linked ? (
          <Link
            to="/projects/$projectId/sessions/$sessionId"
            params={params}
            className="hover:text-ink hover:underline"
          >
            Session {session.number}
          </Link>
        ) : (
          "Context"
        )}
      </h2>
      <p className="mb-2 text-xl tabular-nums tracking-tight">
        {formatPercent(session.contextUsage)}
        <span className="text-base text-ink-3"> of the context</span>
      </p>
      <Meter
        label="Context used"
        value={session.contextUsage}
        mark={session.rotateAt}
        tone={session.contextUsage >= session.rotateAt ? "warn" : "accent"}
        text={`${used} tokens; a fresh session begins at ${formatPercent(session.rotateAt)}`}
      />
      <Facts
        className="mt-3"
        facts={[
          ["Tokens", used],
          ["Fresh session at", formatPercent(session.rotateAt)],
          ["Turns", String(session.turns)],
          ["Model", session.model],
        ]}
      />
    </section>
  )
}
