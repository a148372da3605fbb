/** While you were away: what was proven, what was not and why, what waits, what it cost, and a picture. */
import { describeWork, isQuiet, type Recap } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { useRecap } from "../../api/queries/projects.ts"
import { Button } from "../../components/Button.tsx"
import { formatAgo } from "../../components/format.ts"
import { Shown } from "../../components/Shown.tsx"
import { useLastLook } from "./useLastLook.ts"

const maxNamed = 3

export function WhileAway({ projectId }: { projectId: string }) {
  const [since, dismiss] = useLastLook(projectId)
  const recap = useRecap(projectId, since).data
  if (!since || !recap || isQuiet(recap)) return null
  return (
    <section
      aria-label="While you were away"
      className="max-h-[40vh] shrink-0 overflow-y-auto border-line border-b bg-raised px-4 py-3 sm:px-6"
    >
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-semibold">While you were away</h2>
        <span className="text-ink-3 text-sm">you last looked {formatAgo(since)}</span>
        <span className="ml-auto flex items-center gap-2">
          <Link
            to="/projects/$projectId/history"
            params={{ projectId }}
            className="text-accent text-sm hover:underline"
          >
            All events
          </Link>
          <Button onClick={dismiss}>Dismiss</Button>
        </span>
      </div>
      <p className="text-sm tabular-nums">{describeWork(recap)}</p>
      <Facts recap={recap} projectId={projectId} />
      {recap.picture && (
        <div className="mt-2 max-w-sm">
          <Shown media={[{ ...recap.picture, projectId }]} />
        </div>
      )}
    </section>
  )
}

function Facts({ recap: { proven, unproven, decisions }, projectId }: { recap: Recap; projectId: string }) {
  const more = unproven.length - maxNamed
  return (
    <ul className="mt-1 grid gap-0.5 text-ink-2 text-sm">
      {proven.length > 0 && <li>Proven: {proven.join(", ")}</li>}
      {unproven.slice(0, maxNamed).map(({ id, text, why }) => (
        <li key={id} className="text-pretty">
          Not proven: {id} {text}
          {why && ` – ${why}`}
        </li>
      ))}
      {more > 0 && (
        <li>
          <Link to="/projects/$projectId/proof" params={{ projectId }} className="text-accent underline">
            {more} more without a proof
          </Link>
        </li>
      )}
      {decisions.map((title) => (
        <li key={title}>
          Waits for you:{" "}
          <Link to="/inbox" className="text-accent underline">
            {title}
          </Link>
        </li>
      ))}
    </ul>
  )
}
