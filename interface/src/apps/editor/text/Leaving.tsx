/** Asks before Aura's own window closes on unsaved work. */
import { Button } from "../../../components/Button.tsx"
import Modal from "../../../components/Modal.tsx"

export type LeavingAnswer = "save" | "keep" | "stay"

type Props = { paths: readonly string[]; onAnswer: (answer: LeavingAnswer) => void }

export default function Leaving({ paths, onAnswer }: Props) {
  const many = paths.length > 1
  return (
    <Modal
      title={many ? `${paths.length} files are not saved` : `${paths[0] ?? "A file"} is not saved`}
      description="What you wrote can also be kept as it is: it is there again when you open the editor."
      onClose={() => onAnswer("stay")}
    >
      {many && (
        <ul className="mt-3 max-h-40 overflow-y-auto font-mono text-ink-2 text-xs leading-5">
          {paths.map((path) => (
            <li key={path} className="truncate">
              {path}
            </li>
          ))}
        </ul>
      )}
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button tone="quiet" onClick={() => onAnswer("stay")}>
          Cancel
        </Button>
        <Button onClick={() => onAnswer("keep")}>Close, keep for later</Button>
        <Button tone="primary" autoFocus onClick={() => onAnswer("save")}>
          {many ? "Save all and close" : "Save and close"}
        </Button>
      </div>
    </Modal>
  )
}
