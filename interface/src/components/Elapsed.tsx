/** A clock that counts from a moment. */
import { useNow } from "../hooks/useNow.ts"
import { formatClock } from "./format.ts"

export function Elapsed({ since, className }: { since: number; className?: string }) {
  const now = useNow(true)
  return (
    <span aria-hidden="true" className={className}>
      {formatClock(now - since)}
    </span>
  )
}
