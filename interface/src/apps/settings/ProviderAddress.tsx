/** Where requests to a provider go. A stored key goes only to the address it was entered for. */
import { type ProviderView, providers, toMessage } from "@aura/core"
import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { TextField } from "../../components/Field.tsx"

const origins = { provider: "Its own.", settings: "Entered here.", environment: "" } as const

export function ProviderAddress({ provider }: { provider: ProviderView }) {
  const [text, setText] = useState(provider.addressFrom === "settings" ? provider.address : "")
  const save = useCommand("setProviderAddress", true)
  const queries = useQueryClient()
  const before = provider.addressFrom === "settings" ? provider.address : ""
  const from = origins[provider.addressFrom] || `From ${providers[provider.id].addressName}.`
  return (
    <form
      aria-label={`Address of ${provider.name}`}
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(
          { params: { provider: provider.id }, body: { address: text.trim() || null } },
          { onSuccess: () => queries.invalidateQueries({ queryKey: settingsKey }) },
        )
      }}
    >
      <TextField
        label="Address"
        hint={`${from} A key goes only to the address it was entered for.`}
        placeholder={provider.address}
        value={text}
        error={save.error ? toMessage(save.error) : undefined}
        onChange={(event) => setText(event.target.value)}
        className="font-mono text-sm"
      />
      {text.trim() !== before && (
        <div>
          <Button submit busy={save.isPending}>
            {text.trim() === "" ? "Use the usual address" : "Save address"}
          </Button>
        </div>
      )}
    </form>
  )
}
