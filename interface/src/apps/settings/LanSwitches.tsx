/** What other machines may do that is off for them otherwise. */
import { useQueryClient } from "@tanstack/react-query"
import { settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { useSettings } from "../../api/queries/settings.ts"

const switches = [
  ["terminals", "Open terminals"],
  ["folders", "Choose workspace folders"],
  ["permissions", "Change permissions"],
] as const

export function LanSwitches() {
  const settings = useSettings()
  const update = useCommand("updateSettings")
  const queries = useQueryClient()
  if (!settings.data) return null
  const { lanAllows } = settings.data
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="sr-only">What other machines may do</legend>
      {switches.map(([name, label]) => (
        <label key={name} className="flex items-center gap-2.5">
          <input
            type="checkbox"
            checked={lanAllows.includes(name)}
            onChange={({ target }) =>
              update.mutate(
                {
                  body: {
                    lanAllows: target.checked
                      ? [...lanAllows, name]
                      : lanAllows.filter((other) => other !== name),
                  },
                },
                { onSuccess: () => queries.invalidateQueries({ queryKey: settingsKey }) },
              )
            }
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}
