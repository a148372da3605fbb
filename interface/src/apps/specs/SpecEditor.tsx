/** Changes the title and the text of a spec. */
import type { Spec } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { cx } from "../../components/cx.ts"
import { inputClass } from "../../components/Field.tsx"
import { TextForm } from "../../components/TextForm.tsx"
import { KeepDone } from "./KeepDone.tsx"

export function SpecEditor({ spec, onClose }: { spec: Spec; onClose: () => void }) {
  const [title, setTitle] = useState(spec.title)
  const [markdown, setMarkdown] = useState(spec.markdown)
  const [keepDone, setKeepDone] = useState(false)
  const save = useCommand("updateSpec")
  const changedElsewhere = spec.updatedAt !== useState(spec.updatedAt)[0]

  function submit(): void {
    const params = { p: spec.projectId, s: spec.id }
    const body = { title: title.trim() || spec.title, markdown, keepDone }
    save.mutate({ params, body }, { onSuccess: onClose })
  }

  return (
    <TextForm
      className="w-full max-w-5xl"
      label="Markdown"
      text={markdown}
      onText={setMarkdown}
      onSave={submit}
      onClose={onClose}
      isBusy={save.isPending}
      head={
        <input
          aria-label="Title"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          className={cx(inputClass, "h-9 font-medium")}
        />
      }
    >
      <KeepDone spec={spec} isKept={keepDone} onChange={setKeepDone} />
      {changedElsewhere && (
        <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-sm">
          This spec was changed elsewhere while you were writing. Saving puts your text in its place.
        </p>
      )}
    </TextForm>
  )
}
