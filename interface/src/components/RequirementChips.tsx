/** Small links to the requirements something serves. */
import { Link } from "@tanstack/react-router"

type Props = { projectId: string; ids: readonly string[]; limit?: number }

export function RequirementChips({ projectId, ids, limit = 99 }: Props) {
  if (ids.length === 0) return null
  return (
    <span className="flex flex-wrap items-center gap-1">
      {ids.slice(0, limit).map((id) => (
        <Link
          key={id}
          to="/projects/$projectId/requirements"
          params={{ projectId }}
          search={{ r: id }}
          className="rounded-sm border border-line px-1 text-ink-2 text-xs leading-4.5 tabular-nums hover:border-line-strong hover:text-ink"
        >
          {id}
        </Link>
      ))}
      {ids.length > limit && (
        <span className="text-ink-3 text-xs" title={ids.slice(limit).join(", ")}>
          +{ids.length - limit}
        </span>
      )}
    </span>
  )
}
