/** Asks for another version of one spec. What comes back is a proposal. */
import type { Spec } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { useLoops } from "../../api/queries/loops.ts"
import { usePlans } from "../../api/queries/plan.ts"
import { useProject } from "../../api/queries/projects.ts"
import { Button } from "../../components/Button.tsx"
import { TextArea } from "../../components/Field.tsx"
import Modal from "../../components/Modal.tsx"
import { newest } from "../../parts/project/project-state.logic.ts"
import { whyNotAnew } from "./specs.logic.ts"

export default function RegenerateSpec({ spec, onClose }: { spec: Spec; onClose: () => void }) {
  const [note, setNote] = useState("")
  const regenerate = useCommand("regenerateSpec", true)
  const project = useProject(spec.projectId)
  const reason = whyNotAnew(
    project.data,
    newest(useLoops(spec.projectId).data),
    newest(usePlans(spec.projectId).data),
  )

  function submit(): void {
    if (reason || regenerate.isPending) return
    const params = { p: spec.projectId, s: spec.id }
    regenerate.mutate({ params, body: note.trim() ? { note: note.trim() } : {} }, { onSuccess: onClose })
  }

  return (
    <Modal
      title={`Write “${spec.title}” anew`}
      description="The model writes another version of this spec alone. You see it beside this one and decide; until then nothing changes."
      onClose={onClose}
    >
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit()
        }}
      >
        <TextArea
          label="What should be different?"
          optional
          rows={4}
          value={note}
          error={regenerate.error?.message}
          onChange={(event) => setNote(event.target.value)}
        />
        <div className="flex flex-wrap items-center justify-end gap-2">
          {reason && (
            <p role="status" className="mr-auto text-ink-2 text-sm">
              {reason}
            </p>
          )}
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button submit tone="primary" busy={regenerate.isPending} disabled={reason !== undefined}>
            Regenerate
          </Button>
        </div>
      </form>
    </Modal>
  )
}
