/** What Aura knows about the models in use, what a person should know, and a form for what Aura does not know. */
import { type EnteredModels, type ModelView, toMessage } from "@aura/core"
import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { tell } from "../../api/notices.ts"
import { useModels } from "../../api/queries/settings.ts"
import { Button } from "../../components/Button.tsx"
import { Facts } from "../../components/Facts.tsx"
import { SelectField, TextField } from "../../components/Field.tsx"
import { fields, labels, placeholderOf, sightWords, toForm, toModels } from "./model-facts.logic.ts"

export function ModelFacts({ entered }: { entered: EnteredModels }) {
  const models = useModels().data ?? []
  return (
    <ul className="flex flex-col gap-6">
      {models.map((model) => (
        <li key={model.id} className="flex flex-col gap-2">
          <h3 className="font-mono text-sm">{model.id}</h3>
          <Facts
            facts={[
              ["Window", `${model.contextWindow.toLocaleString("en")} tokens`],
              ["Longest reply", `${model.maxOutput.toLocaleString("en")} tokens`],
              ["Price per million", toPrice(model)],
              ["Thinking", model.thinking],
              ["Sees", ["text", ...model.sees].join(", ")],
              ["Efforts", model.efforts.join(", ") || "none"],
              model.endOfLife !== null && ["End of life", model.endOfLife],
            ]}
          />
          {model.warnings.map((warning) => (
            <p key={warning} className="text-pretty text-sm text-warn">
              {warning}
            </p>
          ))}
          <details open={model.priceSource === "unknown"}>
            <summary className="cursor-pointer text-ink-2 text-sm">Enter facts</summary>
            <FactsForm model={model} entered={entered} />
          </details>
        </li>
      ))}
    </ul>
  )
}

function toPrice({ inputUsd, outputUsd, priceSource }: ModelView): string {
  if (inputUsd === null || outputUsd === null) return "not known"
  return `$${inputUsd} in, $${outputUsd} out${priceSource === "published" ? "" : ` (${priceSource})`}`
}

function FactsForm({ model, entered }: { model: ModelView; entered: EnteredModels }) {
  const [form, setForm] = useState(() => toForm(entered[model.id]))
  const save = useCommand("updateSettings", true)
  const queries = useQueryClient()
  const result = toModels(model.id, form, entered)
  const problem = "problem" in result ? result.problem : save.error ? toMessage(save.error) : undefined
  return (
    <form
      aria-label={`Facts about ${model.id}`}
      className="mt-3 flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if ("problem" in result) return
        save.mutate(
          { body: { models: result.models } },
          {
            onSuccess: () => {
              tell("Settings saved.")
              void queries.invalidateQueries({ queryKey: settingsKey })
            },
          },
        )
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {fields.map((field) => (
          <TextField
            key={field}
            label={labels[field]}
            inputMode="decimal"
            placeholder={placeholderOf(field, model)}
            value={form[field]}
            onChange={({ target }) => setForm({ ...form, [field]: target.value })}
          />
        ))}
        <SelectField
          label="Thinking"
          hint="Empty: as known."
          options={["", "adaptive", "budget", "none"]}
          value={form.thinking}
          onChange={({ target }) => setForm({ ...form, thinking: target.value })}
        />
        <SelectField
          label="Sees"
          hint="Empty: as known."
          options={["", ...sightWords]}
          value={form.sees}
          onChange={({ target }) => setForm({ ...form, sees: target.value })}
        />
      </div>
      {problem && (
        <p role="alert" className="text-bad text-sm">
          {problem}
        </p>
      )}
      <div>
        <Button submit busy={save.isPending} disabled={"problem" in result}>
          Save facts
        </Button>
      </div>
    </form>
  )
}
