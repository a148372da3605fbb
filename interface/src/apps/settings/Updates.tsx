/** Newer versions of Aura: which kind is wanted, whether there is one, and the button that installs it. */
import { useQueryClient } from "@tanstack/react-query"
import { settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { updateKey, useUpdate } from "../../api/queries/settings.ts"
import { Button } from "../../components/Button.tsx"
import { describeUpdate } from "./update.logic.ts"

export function Updates() {
  const { data } = useUpdate()
  const queries = useQueryClient()
  const check = useCommand("checkUpdate")
  const install = useCommand("installUpdate")
  const choose = useCommand("updateSettings")
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: updateKey }) }
  if (!data) return null
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-2 text-sm" role="status">
        {describeUpdate(data)}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        {data.state === "ready" && (
          <Button tone="primary" busy={install.isPending} onClick={() => install.mutate({}, settled)}>
            Install {data.newer}
          </Button>
        )}
        <Button busy={check.isPending} onClick={() => check.mutate({}, settled)}>
          Check now
        </Button>
        <label className="ml-auto flex items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={data.channel === "nightly"}
            onChange={({ target }) =>
              choose.mutate(
                { body: { updateChannel: target.checked ? "nightly" : "stable" } },
                {
                  onSuccess: () => {
                    void queries.invalidateQueries({ queryKey: settingsKey })
                    check.mutate({}, settled)
                  },
                },
              )
            }
          />
          Nightly versions
        </label>
      </div>
    </div>
  )
}
