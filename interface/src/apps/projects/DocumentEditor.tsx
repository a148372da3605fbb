/** Changes the document; saving makes a new version, and shows first what that does to the plan. */
import type { IdentityDecision, Replan } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { inputClass } from "../../components/Field.tsx"
import { ReplanReview } from "./ReplanReview.tsx"
import { changesPlan } from "./replan.logic.ts"

type Decided = { leaveOut: string[]; identities: IdentityDecision[] }

type Props = { projectId: string; markdown: string; onClose: () => void }

export function DocumentEditor({ projectId, markdown, onClose }: Props) {
  const [text, setText] = useState(markdown)
  const [decided, setDecided] = useState<Decided>({ leaveOut: [], identities: [] })
  const [plan, setPlan] = useState<Replan>()
  const preview = useCommand("previewRequirements")
  const save = useCommand("saveRequirements")
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
  function store({ basedOn }: Replan, now: Decided): void {
    save.mutate({ params, body: { markdown: text, ...now, basedOn } }, { onSuccess: onClose })
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
    <form
      className="flex min-h-0 flex-1 flex-col gap-3 p-4 sm:px-6"
      onSubmit={(event) => {
        event.preventDefault()
        look()
      }}
    >
      <div className="flex items-center gap-2">
        <p className="mr-auto text-ink-2 text-sm">
          Saving makes a new version. What it does to the plan is shown first.
        </p>
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button submit tone="primary" busy={preview.isPending || save.isPending}>
          Save
        </Button>
      </div>
      <textarea
        aria-label="Document"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) look()
        }}
        className={cx(inputClass, "min-h-0 flex-1 resize-none p-4 font-mono text-sm leading-6")}
      />
    </form>
  )
}
