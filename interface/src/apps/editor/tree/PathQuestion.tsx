/** Asks for a path: of a new file, or where one is moved. */
import { toMessage } from "@aura/core"
import { useState } from "react"
import { Button } from "../../../components/Button.tsx"
import { TextField } from "../../../components/Field.tsx"
import Modal from "../../../components/Modal.tsx"

type Props = {
  title: string
  action: string
  path: string
  /** Rejects with why it cannot be done. */
  onAnswer: (path: string) => Promise<void>
  onClose: () => void
}

export default function PathQuestion({ title, action, path, onAnswer, onClose }: Props) {
  const [typed, setTyped] = useState(path)
  const [problem, setProblem] = useState("")
  const [busy, setBusy] = useState(false)
  const wanted = typed.trim().replace(/^\.?\/+/, "")

  async function answer(): Promise<void> {
    if (wanted === "" || wanted.endsWith("/"))
      return setProblem("Give the path of a file, such as src/main.ts.")
    setBusy(true)
    try {
      await onAnswer(wanted)
      onClose()
    } catch (thrown) {
      setProblem(toMessage(thrown))
      setBusy(false)
    }
  }

  return (
    <Modal title={title} onClose={onClose}>
      <form
        className="mt-4 flex flex-col gap-6"
        onSubmit={(event) => {
          event.preventDefault()
          void answer()
        }}
      >
        <TextField
          label="Path in the folder"
          hint="Folders on the way are made."
          className="font-mono"
          error={problem || undefined}
          value={typed}
          ref={(field) => {
            if (field && document.activeElement !== field && typed === path) {
              field.focus()
              field.setSelectionRange(path.lastIndexOf("/") + 1, path.length)
            }
          }}
          onChange={(event) => {
            setTyped(event.target.value)
            setProblem("")
          }}
        />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button submit tone="primary" busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
