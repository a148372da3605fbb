/** Warns while other machines can reach this Aura without encryption. */
import { useSettings } from "../../api/queries/settings.ts"
import { Banner } from "../../components/Banner.tsx"
import { StateDot } from "../../components/StateDot.tsx"

export function ReachBanner() {
  const { data } = useSettings()
  const [lanUrl, secureUrl] = [data?.lanUrl, data?.lanSecure?.url]
  if (!lanUrl) return null
  const isSecure = globalThis.location?.protocol === "https:"
  return (
    <Banner tone="warn" icon={<StateDot tone="warn" />}>
      {secureUrl && isSecure
        ? `Other machines reach this Aura at ${secureUrl}.`
        : secureUrl
          ? `Other machines reach this Aura at ${secureUrl}. Over plain HTTP (${lanUrl}), whoever can listen on the network can read along.`
          : `Other machines reach this Aura at ${lanUrl}, over plain HTTP: whoever can listen on the network can read along.`}
    </Banner>
  )
}
