/** Cuts a task into parts, or joins another one into it. */
import type { Task } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { inputClass, TextArea } from "../../components/Field.tsx"
import Modal from "../../components/Modal.tsx"

type Props = { task: Task; tasks: readonly Task[]; how: "split" | "merge"; onClose: () => void }

export default function ReshapeTask({ how, ...rest }: Props) {
  return how === "split" ? <Split {...rest} /> : <Merge {...rest} />
}

type PartProps = Omit<Props, "how">

function Split({ task, onClose }: PartProps) {
  const [titles, setTitles] = useState(`${task.title}\n`)
  const split = useCommand("splitTask", true)
  const parts = titles.split("\n").flatMap((line) => (line.trim() ? { title: line.trim() } : []))
  return (
    <Modal
      title="Split the task"
      description="Each part follows the one before. What waits for the task then waits for the last part, and the last part must pass its checks."
      onClose={onClose}
    >
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          split.mutate({ params: { p: task.projectId, t: task.id }, body: { parts } }, { onSuccess: onClose })
        }}
      >
        <TextArea
          label="Titles of the parts"
          hint="One a line, two or more."
          rows={4}
          value={titles}
          error={split.error?.message}
          onChange={(event) => setTitles(event.target.value)}
        />
        <Footer action="Split" busy={split.isPending} ready={parts.length > 1} onClose={onClose} />
      </form>
    </Modal>
  )
}

function Merge({ task, tasks, onClose }: PartProps) {
  const others = tasks.filter(
    (other) => other.id !== task.id && (other.status === "pending" || other.status === "ready"),
  )
  const [otherId, setOtherId] = useState(others[0]?.id ?? "")
  const merge = useCommand("mergeTask", true)
  return (
    <Modal
      title="Merge another task into this one"
      description="Its words, checks and dependencies are added here, and it is gone. What waited for it waits for this one."
      onClose={onClose}
    >
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          merge.mutate(
            { params: { p: task.projectId, t: task.id }, body: { taskId: otherId } },
            { onSuccess: onClose },
          )
        }}
      >
        <select
          aria-label="The other task"
          value={otherId}
          onChange={(event) => setOtherId(event.target.value)}
          className={cx(inputClass, "h-9")}
        >
          {others.map((other) => (
            <option key={other.id} value={other.id}>
              {other.order}. {other.title}
            </option>
          ))}
        </select>
        {merge.error && (
          <p role="alert" className="text-bad text-sm">
            {merge.error.message}
          </p>
        )}
        <Footer action="Merge" busy={merge.isPending} ready={otherId !== ""} onClose={onClose} />
      </form>
    </Modal>
  )
}

function Footer(props: { action: string; busy: boolean; ready: boolean; onClose: () => void }) {
  return (
    <div className="flex justify-end gap-2">
      <Button tone="quiet" onClick={props.onClose}>
        Cancel
      </Button>
      <Button submit tone="primary" busy={props.busy} disabled={!props.ready}>
        {props.action}
      </Button>
    </div>
  )
}
