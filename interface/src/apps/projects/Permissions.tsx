/** The level of a project: what its agents may do without asking. Loaded when first opened. */
import { type Project, toMessage } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { TextArea, TextField } from "../../components/Field.tsx"
import Modal from "../../components/Modal.tsx"
import { findProblem, levels, toBody, toForm } from "./permissions.logic.ts"

export default function Permissions({ project, onClose }: { project: Project; onClose: () => void }) {
  const [form, setForm] = useState(() => toForm(project))
  const save = useCommand("setLevel", true)
  const problem = findProblem(form, project.name)
  return (
    <Modal title="Permissions" description="What agents may do here without asking." onClose={onClose}>
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (!problem) save.mutate({ params: { p: project.id }, body: toBody(form) }, { onSuccess: onClose })
        }}
      >
        <fieldset className="flex flex-col gap-1">
          <legend className="sr-only">Level</legend>
          {levels.map(({ level, name, about }) => (
            <label
              key={level}
              className="flex cursor-pointer gap-3 rounded-md px-2 py-1.5 has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="level"
                className="mt-1 accent-accent"
                checked={form.level === level}
                onChange={() => setForm({ ...form, level })}
              />
              <span>
                <span className="font-medium">{name}</span>
                <span className="block text-ink-2 text-sm">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {form.level === 3 && (
          <TextArea
            label="Hosts"
            hint="One a line. A host stands for itself alone and for ports 80 and 443; host:port for that port."
            rows={3}
            className="font-mono text-sm"
            value={form.hosts}
            onChange={(event) => setForm({ ...form, hosts: event.target.value })}
          />
        )}
        {form.level === 4 && (
          <TextField
            label={`Type ${project.name} to confirm`}
            autoComplete="off"
            value={form.confirm}
            onChange={(event) => setForm({ ...form, confirm: event.target.value })}
          />
        )}
        {save.error && (
          <p role="alert" className="text-bad text-sm">
            {toMessage(save.error)}
          </p>
        )}
        <div className="flex items-center justify-end gap-2">
          {problem && <p className="mr-auto text-ink-2 text-sm">{problem}</p>}
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button submit tone="primary" busy={save.isPending} disabled={problem !== undefined}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  )
}
