/** Asks before something that cannot be taken back. */

import type { ReactNode } from "react"
import { Button } from "./Button.tsx"
import Modal from "./Modal.tsx"

type Props = {
  title: string
  children: ReactNode
  action: string
  danger?: boolean
  onConfirm: () => void
  onClose: () => void
}

export default function Confirm({ title, children, action, danger, onConfirm, onClose }: Props) {
  return (
    <Modal title={title} description={children} onClose={onClose}>
      <div className="mt-6 flex justify-end gap-2">
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button
          tone={danger ? "danger" : "primary"}
          onClick={() => {
            onClose()
            onConfirm()
          }}
        >
          {action}
        </Button>
      </div>
    </Modal>
  )
}
