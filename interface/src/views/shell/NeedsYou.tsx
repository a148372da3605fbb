/** The link to everything that needs a person, with a count. */
import { Link } from "@tanstack/react-router"
import { Inbox } from "lucide-react"
import { useAttention } from "../../api/queries/projects.ts"
import { cx } from "../../components/cx.ts"

type Props = { short?: boolean; onNavigate?: (() => void) | undefined }

export function NeedsYou({ short = false, onNavigate }: Props) {
  const pressing = useAttention().data?.length ?? 0
  return (
    <Link
      to="/inbox"
      onClick={onNavigate}
      aria-label={short ? "Needs you" : undefined}
      className={cx(
        "flex items-center gap-2 rounded-md text-sm hover:bg-hover hover:text-ink",
        short ? "h-9 justify-center px-2 pointer-coarse:h-10" : "mt-1 h-8 shrink-0 px-2 pointer-coarse:h-11",
      )}
      activeProps={{ className: "bg-hover text-ink" }}
      inactiveProps={{ className: "text-ink-2" }}
    >
      <Inbox aria-hidden="true" className={short ? "size-4.5" : "size-4"} />
      {!short && <span className="flex-1">Needs you</span>}
      {pressing > 0 && (
        <span className="min-w-5 rounded-full bg-bad px-1.5 text-center font-medium text-surface text-xs tabular-nums">
          {pressing}
          <span className="sr-only"> {pressing === 1 ? "thing waits" : "things wait"} for you</span>
        </span>
      )}
    </Link>
  )
}
