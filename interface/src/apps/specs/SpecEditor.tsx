/** Changes the title and the text of a spec. */
import type { Spec } from "@aura/core"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { inputClass } from "../../components/Field.tsx"
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
    <form
      className="flex min-h-0 w-full max-w-5xl flex-1 flex-col gap-3 p-4 sm:px-6"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit()
      }}
    >
      <div className="flex items-center gap-2">
        <input
          aria-label="Title"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          className={cx(inputClass, "h-9 font-medium")}
        />
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button submit tone="primary" busy={save.isPending}>
          Save
        </Button>
      </div>
      <KeepDone spec={spec} isKept={keepDone} onChange={setKeepDone} />
      {changedElsewhere && (
        <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-sm">
          This spec was changed elsewhere while you were writing. Saving puts your text in its place.
        </p>
      )}
      <textarea
        aria-label="Markdown"
        value={markdown}
        onChange={(event) => setMarkdown(event.target.value)}
        className={cx(inputClass, "min-h-0 flex-1 resize-none p-4 font-mono text-sm leading-6")}
      />
    </form>
  )
}
