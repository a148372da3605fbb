/** Asks before a file with unsaved work is closed. */
import { Button } from "../../../components/Button.tsx"
import Modal from "../../../components/Modal.tsx"

export type ClosingAnswer = "save" | "drop" | "cancel"

type Props = { path: string; onAnswer: (answer: ClosingAnswer) => void }

export default function Closing({ path, onAnswer }: Props) {
  return (
    <Modal
      title="Close without saving?"
      description={`What you wrote into ${path} is not saved.`}
      onClose={() => onAnswer("cancel")}
    >
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button tone="quiet" onClick={() => onAnswer("cancel")}>
          Cancel
        </Button>
        <Button tone="danger" onClick={() => onAnswer("drop")}>
          Throw it away
        </Button>
        <Button tone="primary" autoFocus onClick={() => onAnswer("save")}>
          Save and close
        </Button>
      </div>
    </Modal>
  )
}
