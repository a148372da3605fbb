/** Asked once when the window is closed while an agent is at work. */
import { Button } from "../../components/Button.tsx"
import Modal from "../../components/Modal.tsx"

type Props = { onAnswer: (answer: "keep" | "stop" | "cancel") => void }

export default function ClosingQuestion({ onAnswer }: Props) {
  return (
    <Modal
      title="An agent is at work"
      description="It can go on without a window, and Aura ends when its work is done. Stopped work is kept and can go on later."
      onClose={() => onAnswer("cancel")}
    >
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button tone="quiet" onClick={() => onAnswer("cancel")}>
          Cancel
        </Button>
        <Button tone="danger" onClick={() => onAnswer("stop")}>
          Stop the work
        </Button>
        <Button tone="primary" autoFocus onClick={() => onAnswer("keep")}>
          Keep running
        </Button>
      </div>
    </Modal>
  )
}
