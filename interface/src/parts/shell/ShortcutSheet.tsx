/** All shortcuts on one card. */
import { Kbd } from "../../components/Kbd.tsx"
import Modal from "../../components/Modal.tsx"
import { sheet } from "../../hooks/shortcuts.logic.ts"

type Line = { keys: readonly string[]; does: string }

/** @param lines those of the app by default */
export default function ShortcutSheet({
  lines = sheet,
  onClose,
}: {
  lines?: readonly Line[]
  onClose: () => void
}) {
  return (
    <Modal title="Keyboard shortcuts" onClose={onClose}>
      <dl className="mt-4 flex flex-col">
        {lines.map((line) => (
          <div
            key={line.does}
            className="flex items-center justify-between gap-4 border-line border-t py-2 first:border-0"
          >
            <dt className="text-ink-2">{line.does}</dt>
            <dd className="flex gap-1">
              {line.keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
