/** Sets, tests and forgets the key of a provider; the key itself is never read back. */
import { type ProviderView, providers, toMessage } from "@aura/core"
import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { TextField } from "../../components/Field.tsx"
import { formatTime } from "../../components/format.ts"
import { StateDot } from "../../components/StateDot.tsx"
import { describeKey } from "./providers.logic.ts"

export function ApiKey({ provider }: { provider: ProviderView }) {
  const [text, setText] = useState("")
  const save = useCommand("setApiKey", true)
  const check = useCommand("checkApiKey")
  const remove = useCommand("removeApiKey")
  const queries = useQueryClient()
  const refresh = { onSuccess: () => queries.invalidateQueries({ queryKey: settingsKey }) }
  const query = { provider: provider.id }
  // What the environment's key was found to be is stored nowhere.
  const key = provider.key.source === "environment" && check.data ? check.data : provider.key
  const { tone, word } = describeKey({ ...provider, key })
  return (
    <div className="flex flex-col gap-3">
      <div className="flex min-h-8 flex-wrap items-center gap-2.5">
        <StateDot tone={tone} />
        <p className="mr-auto min-w-0 text-sm">
          {key.problem ?? word}
          {key.masked && <code className="ml-2 font-mono text-ink-3 text-xs">{key.masked}</code>}
          <span className="text-ink-3">
            {key.source === "environment" && ` · from ${providers[provider.id].keyName}`}
            {key.checkedAt && ` · checked ${formatTime(key.checkedAt)}`}
          </span>
        </p>
        {(key.source !== null || !provider.needsKey) && (
          <Button size="small" busy={check.isPending} onClick={() => check.mutate({ query }, refresh)}>
            Test
          </Button>
        )}
        {key.source === "settings" && (
          <Button
            size="small"
            tone="danger"
            busy={remove.isPending}
            onClick={() => remove.mutate({ query }, refresh)}
          >
            Forget it
          </Button>
        )}
      </div>
      <form
        aria-label={`Key of ${provider.name}`}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(
            { query, body: { key: text } },
            {
              onSuccess: () => {
                setText("")
                void refresh.onSuccess()
              },
            },
          )
        }}
      >
        <TextField
          label={key.masked ? "Another key" : "Key"}
          type="password"
          autoComplete="off"
          value={text}
          error={save.error ? toMessage(save.error) : undefined}
          onChange={(event) => setText(event.target.value)}
          className="font-mono text-sm"
        />
        <div>
          <Button submit busy={save.isPending} disabled={text.trim().length < 8}>
            Save and check
          </Button>
        </div>
      </form>
    </div>
  )
}
