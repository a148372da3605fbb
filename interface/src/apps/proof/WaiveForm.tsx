/** Asks why a requirement need not be proven. */
import { type LedgerRow, toMessage } from "@aura/core"
import { lazy, Suspense, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { TextArea } from "../../components/Field.tsx"

const Modal = lazy(() => import("../../components/Modal.tsx"))

type Props = { row: LedgerRow; projectId: string; onClose: () => void }

export function WaiveForm({ row, projectId, onClose }: Props) {
  const [reason, setReason] = useState("")
  const waive = useCommand("createWaiver", true)
  return (
    <Suspense>
      <Modal title={`Go without proof of ${row.id}?`} description={row.text} onClose={onClose}>
        <form
          className="mt-4 flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            const body = { requirementId: row.id, reason: reason.trim() }
            if (body.reason !== "") waive.mutate({ params: { p: projectId }, body }, { onSuccess: onClose })
          }}
        >
          <TextArea
            label="Reason"
            hint="It stands in the report and the certificate, with your name. A new wording needs a new decision."
            rows={3}
            required
            maxLength={2000}
            value={reason}
            error={waive.isError ? toMessage(waive.error) : undefined}
            onChange={(event) => setReason(event.target.value)}
          />
          <div className="flex justify-end gap-2">
            <Button tone="quiet" onClick={onClose}>
              Cancel
            </Button>
            <Button submit tone="primary" busy={waive.isPending}>
              Waive
            </Button>
          </div>
        </form>
      </Modal>
    </Suspense>
  )
}
