/** Says that the stream of events is interrupted, or that the disk is full; gone as soon as that is over. */
import { describeDisk } from "@aura/core"
import { useConnection } from "../api/live.ts"
import { Banner } from "./Banner.tsx"
import { StateDot } from "./StateDot.tsx"

export function ConnectionBanner() {
  const lost = useConnection((connection) => connection.status === "lost")
  const isDiskFull = useConnection((connection) => connection.isDiskFull)
  return (
    <div role="status">
      {lost && (
        <Banner tone="warn" icon={<StateDot tone="warn" />}>
          Connection lost. Catching up when it is back.
        </Banner>
      )}
      {isDiskFull && !lost && (
        <Banner tone="warn" icon={<StateDot tone="warn" />}>
          {describeDisk(true)}
        </Banner>
      )}
    </div>
  )
}
