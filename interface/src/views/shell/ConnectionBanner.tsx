/** Says that the stream of events is interrupted; gone as soon as it is back. */
import { CloudOff } from "lucide-react"
import { useConnection } from "../../api/live.ts"
import { Banner } from "../../components/Banner.tsx"

export function ConnectionBanner() {
  const lost = useConnection((connection) => connection.status === "lost")
  return (
    <div role="status">
      {lost && (
        <Banner tone="warn" icon={<CloudOff aria-hidden="true" className="size-4 shrink-0 text-warn" />}>
          Connection lost. Catching up when it is back.
        </Banner>
      )}
    </div>
  )
}
