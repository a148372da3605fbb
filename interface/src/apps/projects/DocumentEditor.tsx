/** Changes the document; saving makes a new version. */
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { inputClass } from "../../components/Field.tsx"

type Props = { projectId: string; markdown: string; onClose: () => void }

export function DocumentEditor({ projectId, markdown, onClose }: Props) {
  const [text, setText] = useState(markdown)
  const save = useCommand("saveRequirements")
  function submit(): void {
    if (text === markdown) onClose()
    else save.mutate({ params: { p: projectId }, body: { markdown: text } }, { onSuccess: onClose })
  }
  return (
    <form
      className="flex min-h-0 flex-1 flex-col gap-3 p-4 sm:px-6"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="flex items-center gap-2">
        <p className="mr-auto text-ink-2 text-sm">Saving makes a new version and numbers it again.</p>
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button submit tone="primary" busy={save.isPending}>
          Save
        </Button>
      </div>
      <textarea
        aria-label="Document"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit()
        }}
        className={cx(inputClass, "min-h-0 flex-1 resize-none p-4 font-mono text-sm leading-6")}
      />
    </form>
  )
}
