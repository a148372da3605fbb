/** What a provider offers, asked of it when somebody wants to see it; each can be taken for a role. */
import { type ProviderView, toMessage } from "@aura/core"
import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { tell } from "../../api/notices.ts"
import { useOffered } from "../../api/queries/settings.ts"
import { Button } from "../../components/Button.tsx"
import { TextField } from "../../components/Field.tsx"
import { describeOffered, findOffered } from "./providers.logic.ts"

const roles = [
  ["model", "Model"],
  ["fastModel", "Fast"],
  ["fallbackModel", "Fallback"],
] as const

export function OfferedModels({ provider }: { provider: ProviderView }) {
  const [isAsked, setIsAsked] = useState(false)
  const [typed, setTyped] = useState("")
  const offered = useOffered(provider.id, isAsked)
  if (!isAsked)
    return (
      <div>
        <Button onClick={() => setIsAsked(true)}>Show its models</Button>
      </div>
    )
  if (offered.isError)
    return (
      <p role="alert" className="text-bad text-sm">
        {toMessage(offered.error)}
      </p>
    )
  if (!offered.data) return <p className="text-ink-3 text-sm">Asking {provider.name}…</p>
  const found = findOffered(offered.data, typed)
  return (
    <div className="flex flex-col gap-3">
      <TextField
        label={`Models of ${provider.name}`}
        hint={`${found.length} of ${offered.data.length}. Take one for a role.`}
        placeholder="Part of a name"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <ul className="flex max-h-80 flex-col divide-y divide-line overflow-y-auto rounded-md border border-line">
        {found.map((model) => (
          <li key={model.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
            <span className="mr-auto min-w-0">
              <span className="block break-all font-mono text-sm">{model.id}</span>
              <span className="text-ink-3 text-xs">{describeOffered(model)}</span>
            </span>
            <Roles id={model.id} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Roles({ id }: { id: string }) {
  const save = useCommand("updateSettings")
  const queries = useQueryClient()
  return roles.map(([field, name]) => (
    <Button
      key={field}
      size="small"
      aria-label={`${name}: use ${id}`}
      busy={save.isPending}
      onClick={() =>
        save.mutate(
          { body: { [field]: id } },
          {
            onSuccess: () => {
              tell(`${name} model: ${id}`)
              void queries.invalidateQueries({ queryKey: settingsKey })
            },
          },
        )
      }
    >
      {name}
    </Button>
  ))
}
