/** A form for one long text with Cancel and Save; Ctrl or Cmd with Enter saves too. */
import type { ReactNode } from "react"
import { Button } from "./Button.tsx"
import { cx } from "./cx.ts"
import { inputClass } from "./Field.tsx"

type Props = {
  /** Names the text for those who do not see it. */
  label: string
  text: string
  onText: (text: string) => void
  onSave: () => void
  onClose: () => void
  isBusy: boolean
  /** Beside the buttons. */
  head: ReactNode
  /** Between the buttons and the text. */
  children?: ReactNode
  className?: string
}

export function TextForm(props: Props) {
  const { label, text, onText, onSave, onClose, isBusy, head, children, className } = props
  return (
    <form
      className={cx("flex min-h-0 flex-1 flex-col gap-3 p-4 sm:px-6", className)}
      onSubmit={(event) => {
        event.preventDefault()
        onSave()
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) onSave()
      }}
    >
      <div className="flex items-center gap-2">
        {head}
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button submit tone="primary" busy={isBusy}>
          Save
        </Button>
      </div>
      {children}
      <textarea
        aria-label={label}
        value={text}
        onChange={(event) => onText(event.target.value)}
        className={cx(inputClass, "min-h-0 flex-1 resize-none p-4 font-mono text-sm leading-6")}
      />
    </form>
  )
}
