/** Asked where a spec changes whose tasks are done: shall they be done again, and what did they cost? */
import type { Spec } from "@aura/core"
import { useTasks } from "../../api/queries/tasks.ts"
import { count, formatMoney } from "../../components/format.ts"

type Props = { spec: Spec; isKept: boolean; onChange: (isKept: boolean) => void }

export function KeepDone({ spec, isKept, onChange }: Props) {
  const tasks = useTasks(spec.projectId).data ?? []
  const done = tasks.filter(({ specId, status }) => specId === spec.id && status === "done")
  if (done.length === 0) return null
  const costUsd = done.reduce((sum, { usage }) => sum + usage.costUsd, 0)
  return (
    <label className="flex cursor-pointer items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="accent-accent"
        checked={isKept}
        onChange={(event) => onChange(event.target.checked)}
      />
      Keep its {count(done.length, "done task")} as {done.length === 1 ? "it is" : "they are"}
      <span className="text-ink-2">
        {isKept
          ? ""
          : `If the spec says something else, ${done.length === 1 ? "it is" : "they are"} done again; the first time took ${formatMoney(costUsd)}.`}
      </span>
    </label>
  )
}
