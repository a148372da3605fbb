/** A dialog in the middle of the screen. Loaded when first opened. */
import { Dialog } from "@base-ui/react/dialog"
import type { ReactNode } from "react"

type Props = { title: string; description?: ReactNode; onClose: () => void; children: ReactNode }

export default function Modal({ title, description, onClose, children }: Props) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-backdrop" />
        <Dialog.Popup className="-translate-x-1/2 fixed top-[14dvh] left-1/2 z-50 flex max-h-[76dvh] w-[min(28rem,calc(100vw-2rem))] animate-arrive flex-col overflow-y-auto rounded-xl border border-line bg-raised p-6 shadow-float outline-none">
          <Dialog.Title className="font-semibold text-lg tracking-tight">{title}</Dialog.Title>
          {description && (
            <Dialog.Description className="mt-1.5 text-ink-2">{description}</Dialog.Description>
          )}
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
