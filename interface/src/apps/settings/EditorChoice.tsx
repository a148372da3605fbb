/** Which of the editors on this machine opens files. */
import { useQueryClient } from "@tanstack/react-query"
import { settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { useEditors } from "../../api/queries/machine.ts"
import { useSettings } from "../../api/queries/settings.ts"

export function EditorChoice() {
  const editors = useEditors().data ?? []
  const chosen = useSettings().data?.editor ?? null
  const update = useCommand("updateSettings")
  const queries = useQueryClient()
  if (editors.length === 0)
    return (
      <p className="text-ink-2 text-sm">None was found: VS Code, Cursor, Zed, a JetBrains one, or Vim.</p>
    )
  return (
    <select
      aria-label="Editor"
      className="h-8 rounded-md border border-line-strong bg-raised px-2 text-sm"
      value={chosen ?? ""}
      onChange={({ target }) =>
        update.mutate(
          { body: { editor: editors.find(({ id }) => id === target.value)?.id ?? null } },
          { onSuccess: () => queries.invalidateQueries({ queryKey: settingsKey }) },
        )
      }
    >
      <option value="">{`The first that is found: ${editors[0]?.name}`}</option>
      {editors.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}
