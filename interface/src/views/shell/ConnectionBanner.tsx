/** Says that the stream of events is interrupted; gone as soon as it is back. */
import { useConnection } from "../../api/live.ts"
import { Banner } from "../../components/Banner.tsx"
import { StateDot } from "../../components/StateDot.tsx"

export function ConnectionBanner() {
  const lost = useConnection((connection) => connection.status === "lost")
  return (
    <div role="status">
      {lost && (
        <Banner tone="warn" icon={<StateDot tone="warn" />}>
          Connection lost. Catching up when it is back.
        </Banner>
      )}
    </div>
  )
}
