/** The providers of models: each with its key, its address, and what it offers. */
import type { ProviderView } from "@aura/core"
import { useProviders } from "../../api/queries/settings.ts"
import { Loading } from "../../components/Placeholder.tsx"
import { StateDot } from "../../components/StateDot.tsx"
import { ApiKey } from "./ApiKey.tsx"
import { OfferedModels } from "./OfferedModels.tsx"
import { ProviderAddress } from "./ProviderAddress.tsx"
import { describeKey } from "./providers.logic.ts"

export function Providers() {
  const providers = useProviders()
  if (!providers.data) return <Loading rows={5} />
  return (
    <ul className="flex flex-col divide-y divide-line rounded-lg border border-line">
      {providers.data.map((provider) => (
        <li key={provider.id}>
          <Provider provider={provider} />
        </li>
      ))}
    </ul>
  )
}

function Provider({ provider }: { provider: ProviderView }) {
  const { tone, word } = describeKey(provider)
  return (
    <details open={provider.isUsed} className="px-4 py-3">
      <summary className="flex cursor-pointer items-center gap-2.5">
        <StateDot tone={tone} />
        <h3 className="font-medium">{provider.name}</h3>
        <span className="ml-auto text-ink-3 text-sm">{provider.isUsed ? `In use · ${word}` : word}</span>
      </summary>
      <div className="mt-4 flex flex-col gap-5 pb-2">
        <ApiKey provider={provider} />
        <ProviderAddress key={provider.address} provider={provider} />
        <OfferedModels provider={provider} />
      </div>
    </details>
  )
}
