/** A task written by a person: a new one, or a change of one that has not begun. */
import type { Spec, Task } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { inputClass, TextArea, TextField } from "../../components/Field.tsx"
import Modal from "../../components/Modal.tsx"
import { StatusIcon } from "../../components/StatusIcon.tsx"
import { followersOf } from "../../parts/task/tasks.logic.ts"

type Props = {
  projectId: string
  specs: readonly Spec[]
  tasks: readonly Task[]
  /** The task to change; without one a new one is made. */
  task?: Task
  onClose: () => void
}

export default function TaskForm({ projectId, specs, tasks, task, onClose }: Props) {
  const [title, setTitle] = useState(task?.title ?? "")
  const [description, setDescription] = useState(task?.description ?? "")
  const [specId, setSpecId] = useState(task?.specId ?? specs.at(-1)?.id ?? "")
  const [checks, setChecks] = useState(task?.checks.join("\n") ?? "")
  const [dependsOn, setDependsOn] = useState<readonly string[]>(task?.dependsOn ?? [])
  const create = useCommand("createTask", true)
  const update = useCommand("updateTask", true)
  const problem = create.error ?? update.error
  // What waits for this task cannot be waited for by it.
  const later = task ? followersOf(task.id, tasks) : new Set<string>()
  const choices = tasks.filter((other) => other.id !== task?.id && !later.has(other.id))

  function save(): void {
    const body = {
      title: title.trim(),
      description: description.trim(),
      dependsOn: [...dependsOn],
      checks: checks.split("\n").flatMap((line) => line.trim() || []),
    }
    if (task) update.mutate({ params: { p: projectId, t: task.id }, body }, { onSuccess: onClose })
    else create.mutate({ params: { p: projectId }, body: { ...body, specId } }, { onSuccess: onClose })
  }

  return (
    <Modal title={task ? "Edit the task" : "Add a task"} onClose={onClose}>
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <TextField label="Title" required value={title} onChange={(event) => setTitle(event.target.value)} />
        {!task && (
          <label className="flex flex-col gap-1.5 font-medium text-sm">
            Spec
            <select
              value={specId}
              onChange={(event) => setSpecId(event.target.value)}
              className={cx(inputClass, "h-9 font-normal")}
            >
              {specs.map((spec) => (
                <option key={spec.id} value={spec.id}>
                  {spec.title}
                </option>
              ))}
            </select>
          </label>
        )}
        <TextArea
          label="Description"
          rows={5}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        <TextArea
          label="Checks"
          optional
          hint="One command a line; each must end with status 0."
          rows={2}
          className="font-mono text-sm"
          value={checks}
          onChange={(event) => setChecks(event.target.value)}
        />
        {choices.length > 0 && (
          <fieldset>
            <legend className="mb-1.5 font-medium text-sm">Depends on</legend>
            <div className="max-h-40 overflow-y-auto rounded-md border border-line-strong p-1">
              {choices.map((other) => (
                <label
                  key={other.id}
                  className="flex items-center gap-2 rounded-sm px-2 py-1 text-sm hover:bg-hover"
                >
                  <input
                    type="checkbox"
                    className="size-4 shrink-0 accent-accent"
                    checked={dependsOn.includes(other.id)}
                    onChange={(event) =>
                      setDependsOn(
                        event.target.checked
                          ? [...dependsOn, other.id]
                          : dependsOn.filter((id) => id !== other.id),
                      )
                    }
                  />
                  <StatusIcon status={other.status} className="size-3.5" />
                  <span className="min-w-0 truncate">{other.title}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
        {problem && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-sm">
            {problem.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            submit
            tone="primary"
            busy={create.isPending || update.isPending}
            disabled={title.trim() === ""}
          >
            {task ? "Save" : "Add task"}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
