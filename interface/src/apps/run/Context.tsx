/** How full the window is, exactly what was carried into it, and what the run costs by class of token. */
import type { Session } from "@aura/core"
import { useState } from "react"
import { useSessions } from "../../api/queries/agents.ts"
import { useProgress, useProject } from "../../api/queries/projects.ts"
import { Facts } from "../../components/Facts.tsx"
import { Fold } from "../../components/Fold.tsx"
import { count, formatClock, formatMoney, formatTokens } from "../../components/format.ts"
import { HandOffCard } from "../../components/HandOffCard.tsx"
import { Meter } from "../../components/Meter.tsx"
import { ContextMeter } from "../../parts/session/ContextMeter.tsx"

export default function Context({ projectId, session }: { projectId: string; session: Session | undefined }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-7 overflow-y-auto p-4">
      {session && <ContextMeter session={session} />}
      {session && <Carried session={session} />}
      <Cost projectId={projectId} />
    </div>
  )
}

function Carried({ session }: { session: Session }) {
  const [exact, setExact] = useState(false)
  const sessions = useSessions(session.projectId).data
  const before = sessions?.find((row) => row.id === session.previousId)
  if (!before?.handOff) return null
  return (
    <div>
      <h2 className="mb-2 font-medium text-ink-3 text-sm">Carried in from session {before.number}</h2>
      <HandOffCard handOff={before.handOff} />
      {before.summary && (
        <Fold
          open={exact}
          onToggle={setExact}
          summary={<span className="text-ink-2 text-sm">The exact text</span>}
        >
          <pre className="mt-1 max-h-96 overflow-auto whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-xs leading-5 wrap-anywhere">
            {before.summary}
          </pre>
        </Fold>
      )}
    </div>
  )
}

function Cost({ projectId }: { projectId: string }) {
  const project = useProject(projectId).data
  const progress = useProgress(projectId).data
  if (!project || !progress) return null
  const spent = Math.max(project.usage.costUsd, progress.costUsd)
  const budget = progress.budgetUsd
  const { usage } = project
  const input = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
  return (
    <section>
      <h2 className="mb-2 font-medium text-ink-3 text-sm">Cost</h2>
      <p className="mb-2 text-xl tabular-nums tracking-tight">
        {formatMoney(spent)}
        {budget !== null && <span className="text-base text-ink-3"> of {formatMoney(budget)}</span>}
      </p>
      {budget !== null && budget > 0 && (
        <Meter
          label="Budget"
          value={spent / budget}
          tone={spent / budget > 0.85 ? "warn" : "accent"}
          text={`${formatMoney(spent)} of ${formatMoney(budget)}`}
        />
      )}
      <Facts
        className="mt-3"
        facts={[
          ["Read from cache", formatTokens(usage.cacheReadTokens)],
          ["Written to cache", formatTokens(usage.cacheWriteTokens)],
          ["Fresh input", formatTokens(usage.inputTokens)],
          ["Output", formatTokens(usage.outputTokens)],
          input > 0 && ["Input from cache", `${Math.round((usage.cacheReadTokens / input) * 100)} %`],
          ["Sessions", String(progress.sessions)],
          ["Time spent", formatClock(progress.elapsedMs)],
          progress.unprovenRequirements.length > 0 && [
            "Not proven yet",
            count(progress.unprovenRequirements.length, "requirement"),
          ],
        ]}
      />
    </section>
  )
}
