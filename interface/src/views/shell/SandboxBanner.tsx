/** Warns while the commands of agents run without a sandbox. */
import { useSettings } from "../../api/queries/settings.ts"
import { Banner } from "../../components/Banner.tsx"
import { StateDot } from "../../components/StateDot.tsx"

export function SandboxBanner() {
  const sandbox = useSettings().data?.sandbox
  if (sandbox?.kind !== "off" && sandbox?.kind !== "missing") return null
  return (
    <Banner tone="bad" icon={<StateDot tone="bad" />}>
      {sandbox.reason ??
        "Commands run without a sandbox, as AURA_UNSANDBOXED says: they can read and change whatever you can."}
    </Banner>
  )
}
