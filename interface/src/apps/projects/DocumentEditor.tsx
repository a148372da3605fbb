/** Changes the document; saving makes a new version, and shows first what that does to the plan. */
import type { IdentityDecision, Replan } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { TextForm } from "../../components/TextForm.tsx"
import { ReplanReview } from "./ReplanReview.tsx"
import { changesPlan } from "./replan.logic.ts"

type Decided = { leaveOut: string[]; identities: IdentityDecision[] }

type Props = {
  projectId: string
  markdown: string
  /** What the editor begins with, where that is not the document as it is. */
  draft: string | undefined
  onClose: () => void
}

export function DocumentEditor({ projectId, markdown, draft, onClose }: Props) {
  const [text, setText] = useState(draft ?? markdown)
  const [decided, setDecided] = useState<Decided>({ leaveOut: [], identities: [] })
  const [plan, setPlan] = useState<Replan>()
  const preview = useCommand("previewRequirements")
  const save = useCommand("saveRequirements")
  const extract = useCommand("extractTasks")
  const params = { p: projectId }

  function look(now: Decided = decided): void {
    if (text === markdown) {
      onClose()
      return
    }
    setDecided(now)
    const body = { markdown: text, ...now }
    preview.mutate(
      { params, body },
      { onSuccess: (found) => (changesPlan(found) ? setPlan(found) : store(found, now)) },
    )
  }
  function store({ basedOn, planned }: Replan, now: Decided): void {
    const requirementIds = planned.map(({ requirementId }) => requirementId)
    const onSuccess = () => {
      // What was accepted is planned.
      if (requirementIds.length > 0) extract.mutate({ params, body: { requirementIds } })
      onClose()
    }
    save.mutate({ params, body: { markdown: text, ...now, basedOn } }, { onSuccess })
  }

  if (plan) {
    const { leaveOut, identities } = decided
    return (
      <ReplanReview
        plan={plan}
        isBusy={save.isPending || preview.isPending}
        onLeaveOut={(id, isLeftOut) => {
          const others = leaveOut.filter((one) => one !== id)
          look({ identities, leaveOut: isLeftOut ? [...others, id] : others })
        }}
        onDecide={(said) =>
          // Numbers follow from what a person says here, so what was left out is chosen again.
          look({ leaveOut: [], identities: [...identities.filter((one) => one.text !== said.text), said] })
        }
        onAccept={() => store(plan, decided)}
        onBack={() => {
          setPlan(undefined)
          setDecided({ ...decided, leaveOut: [] })
        }}
        onDrop={onClose}
      />
    )
  }
  return (
    <TextForm
      label="Document"
      text={text}
      onText={setText}
      onSave={look}
      onClose={onClose}
      isBusy={preview.isPending || save.isPending}
      head={
        <p className="mr-auto text-ink-2 text-sm">
          Saving makes a new version. What it does to the plan is shown first.
        </p>
      }
    />
  )
}
