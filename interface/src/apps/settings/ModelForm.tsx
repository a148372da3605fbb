/** Which model works, when its session turns over, and what may be spent. */
import { efforts, type SettingsView, toMessage } from "@aura/core"
import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { tell } from "../../api/notices.ts"
import { Button } from "../../components/Button.tsx"
import { SelectField, TextField } from "../../components/Field.tsx"
import { type Form, findProblems, roles, toChange, toForm } from "./model-form.logic.ts"

const effortLabels = { plan: "Effort of plans", work: "Effort of work", chat: "Effort of chats" } as const

export function ModelForm({ settings }: { settings: SettingsView }) {
  const [form, setForm] = useState(() => toForm(settings))
  const save = useCommand("updateSettings", true)
  const queries = useQueryClient()
  const problems = findProblems(form)
  const change = toChange(form, settings)
  const ready = Object.keys(change).length > 0 && Object.keys(problems).length === 0
  const text = (field: keyof Form) => ({
    value: form[field],
    error: problems[field],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [field]: event.target.value }),
  })
  return (
    <form
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        if (!ready) return
        save.mutate(
          { body: change },
          {
            onSuccess: () => {
              tell("Settings saved.")
              void queries.invalidateQueries({ queryKey: settingsKey })
            },
          },
        )
      }}
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField label="Model" className="font-mono text-sm" {...text("model")} />
        <TextField
          label="Fast model"
          hint="For summaries and titles."
          className="font-mono text-sm"
          {...text("fastModel")}
        />
        <TextField
          label="Fallback model"
          hint="Answers while the model cannot be reached, and where it refuses."
          placeholder="None: it is waited for"
          className="font-mono text-sm"
          {...text("fallbackModel")}
        />
        <TextField
          label="Fresh session at"
          hint="Percent of the context window. Empty: where going on costs more than a fresh start."
          placeholder="By price"
          inputMode="numeric"
          {...text("rotateAt")}
        />
        <TextField
          label="Budget in USD"
          hint="For each project that has none of its own."
          placeholder="No limit"
          inputMode="decimal"
          {...text("budget")}
        />
        {roles.map((role) => (
          <SelectField
            key={role}
            label={effortLabels[role]}
            options={efforts}
            value={form[`${role}Effort`]}
            onChange={(event) => setForm({ ...form, [`${role}Effort`]: event.target.value })}
          />
        ))}
      </div>
      {save.error && (
        <p role="alert" className="text-bad text-sm">
          {toMessage(save.error)}
        </p>
      )}
      <div>
        <Button submit busy={save.isPending} disabled={!ready}>
          Save
        </Button>
      </div>
    </form>
  )
}
