/** Why a task failed, and a form to retry it with advice. */
import type { Task } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { TextArea } from "../../components/Field.tsx"
import { canRetry } from "../../parts/task/tasks.logic.ts"

export function TaskFailure({ task }: { task: Task }) {
  const [note, setNote] = useState("")
  const retry = useCommand("retryTask")
  if (!canRetry(task)) return null
  const failed = task.status === "failed"
  return (
    <section
      aria-label={failed ? "Why it failed" : "Why it is blocked"}
      className={cx("rounded-lg border p-4", failed ? "border-bad/40" : "border-warn/40")}
    >
      <h3 className={cx("font-semibold text-sm", failed ? "text-bad" : "text-warn")}>
        {failed ? "Why it failed" : "Why it is blocked"}
      </h3>
      <p className="mt-1 whitespace-pre-wrap text-pretty wrap-anywhere">
        {task.failure ?? "No reason was given. The timeline shows what happened."}
      </p>
      <form
        className="mt-4 flex flex-col items-start gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          const words = note.trim()
          retry.mutate({
            params: { p: task.projectId, t: task.id },
            body: words ? { note: words } : {},
          })
        }}
      >
        <div className="w-full">
          <TextArea
            label="A note for the next attempt"
            optional
            rows={2}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
        <Button submit tone="primary" busy={retry.isPending}>
          Retry
        </Button>
      </form>
    </section>
  )
}
