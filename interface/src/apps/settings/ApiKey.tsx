/** Sets, checks and forgets the API key; the key itself is never read back. */
import { toMessage } from "@aura/core"
import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { useApiKey } from "../../api/queries/settings.ts"
import { Button } from "../../components/Button.tsx"
import { TextField } from "../../components/Field.tsx"
import { formatTime } from "../../components/format.ts"
import { StateDot, type StateTone } from "../../components/StateDot.tsx"

const states = {
  not_set: { tone: "idle", word: "No key is set" },
  unchecked: { tone: "warn", word: "Set, not checked yet" },
  valid: { tone: "ok", word: "Works" },
  invalid: { tone: "bad", word: "The provider refuses this key" },
} as const satisfies Record<string, { tone: StateTone; word: string }>

export function ApiKey() {
  const [text, setText] = useState("")
  const key = useApiKey()
  const save = useCommand("setApiKey", true)
  const remove = useCommand("removeApiKey")
  const queries = useQueryClient()
  const refresh = { onSuccess: () => queries.invalidateQueries({ queryKey: settingsKey }) }
  const status = key.data
  return (
    <div className="flex flex-col gap-4">
      {status && (
        <div className="flex min-h-8 items-center gap-2.5">
          <StateDot tone={status.problem ? "bad" : states[status.status].tone} />
          <p className="mr-auto min-w-0 text-sm">
            {status.problem ?? states[status.status].word}
            {status.masked && <code className="ml-2 font-mono text-ink-3 text-xs">{status.masked}</code>}
            <span className="text-ink-3">
              {status.source === "environment" && " · from ANTHROPIC_API_KEY"}
              {status.checkedAt && ` · checked ${formatTime(status.checkedAt)}`}
            </span>
          </p>
          {status.source === "settings" && (
            <Button
              size="small"
              tone="danger"
              busy={remove.isPending}
              onClick={() => remove.mutate({}, refresh)}
            >
              Forget it
            </Button>
          )}
        </div>
      )}
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(
            { body: { key: text } },
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
          label={status?.masked ? "Another key" : "Key"}
          type="password"
          autoComplete="off"
          placeholder="sk-ant-…"
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
