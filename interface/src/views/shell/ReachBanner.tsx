/** Says for as long as it is so that other machines reach this Aura, and that nothing on the way is encrypted. */
import { useSettings } from "../../api/queries.ts"
import { Banner } from "../../components/Banner.tsx"
import { StateDot } from "../../components/StateDot.tsx"

export function ReachBanner() {
  const lanUrl = useSettings().data?.lanUrl
  if (!lanUrl) return null
  return (
    <Banner tone="warn" icon={<StateDot tone="warn" />}>
      Other machines reach this Aura at {lanUrl}, over plain HTTP: whoever can listen on the network can read
      along.
    </Banner>
  )
}
