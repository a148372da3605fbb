/** What a project asks for beyond the checks of its tasks. Loaded when first opened. */
import { type Project, toMessage } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { useAgents } from "../../api/queries/agents.ts"
import { Button } from "../../components/Button.tsx"
import { SelectField } from "../../components/Field.tsx"
import Modal from "../../components/Modal.tsx"

type Form = Pick<Project, "heldOut" | "productProof" | "review" | "mutation" | "reviewerAgentId">

const heldOut = [
  { value: "auto", name: "While it has a budget" },
  { value: "on", name: "Always" },
  { value: "off", name: "Never" },
] as const
const productProof = [
  { value: null, name: "With held-out checks" },
  { value: "on", name: "Always" },
  { value: "off", name: "Never" },
] as const
const onOff = [
  { value: "on", name: "On" },
  { value: "off", name: "Off" },
] as const

export default function ProofSettings({ project, onClose }: { project: Project; onClose: () => void }) {
  const [form, setForm] = useState<Form>({
    heldOut: project.heldOut,
    productProof: project.productProof,
    review: project.review,
    mutation: project.mutation,
    reviewerAgentId: project.reviewerAgentId,
  })
  const agents = useAgents().data ?? []
  const save = useCommand("updateProject", true)
  return (
    <Modal title="Proof" description="All of this counts towards the budget." onClose={onClose}>
      <form
        className="mt-4 flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate({ params: { p: project.id }, body: form }, { onSuccess: onClose })
        }}
      >
        <Choice
          legend="Held-out checks"
          about="Before code exists, a session that never sees the work writes acceptance checks. The agent is told only how the product should behave."
          options={heldOut}
          value={form.heldOut}
          onChange={(value) => setForm({ ...form, heldOut: value })}
        />
        <Choice
          legend="Whole-product proof"
          about="When all tasks are done, another session uses the product in a fresh clone. What fails becomes tasks."
          options={productProof}
          value={form.productProof}
          onChange={(value) => setForm({ ...form, productProof: value })}
        />
        <Choice
          legend="Faults in changed lines"
          about="After a task's checks pass, a few small faults are put into the lines it changed. One that no check notices is named with the proof. Costs no money, and some seconds."
          options={onOff}
          value={form.mutation}
          onChange={(value) => setForm({ ...form, mutation: value })}
        />
        <Choice
          legend="Independent review"
          about="Another session reads each change before it is committed, and may send it back twice."
          options={onOff}
          value={form.review}
          onChange={(value) => setForm({ ...form, review: value })}
        />
        {form.review === "on" && (
          <SelectField
            label="Reviewer"
            hint="The agent whose model and words the review uses."
            value={form.reviewerAgentId ?? ""}
            onChange={(event) => setForm({ ...form, reviewerAgentId: event.target.value || null })}
            options={[
              { value: "", name: "The project's own model" },
              ...agents.map(({ id, name }) => ({ value: id, name })),
            ]}
          />
        )}
        {save.error && (
          <p role="alert" className="text-bad text-sm">
            {toMessage(save.error)}
          </p>
        )}
        <div className="flex items-center justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button submit tone="primary" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function Choice<T extends string | null>({
  legend,
  about,
  options,
  value,
  onChange,
}: {
  legend: string
  about: string
  options: readonly { value: T; name: string }[]
  value: T
  onChange: (value: T) => void
}) {
  return (
    <fieldset>
      <legend className="font-medium">{legend}</legend>
      <p className="text-ink-2 text-sm">{about}</p>
      <div className="mt-1.5 flex flex-wrap gap-x-5 gap-y-1">
        {options.map((option) => (
          <label key={option.name} className="flex cursor-pointer items-center gap-2 py-1">
            <input
              type="radio"
              name={legend}
              className="accent-accent"
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.name}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
