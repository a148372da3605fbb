/** Covers the page while a file is dragged over Aura's own window; dropping it starts a project from the document. */
import { useNavigate } from "@tanstack/react-router"
import { FileDown } from "lucide-react"
import { type DragEvent as ReactDragEvent, useCallback, useEffect, useState } from "react"
import { isInWindow, useWindow } from "../../api/window.ts"
import { offerDocument } from "../../parts/project/dropped.ts"

export function DropTarget() {
  const over = useFileOver()
  const navigate = useNavigate()
  if (!over.is) return null

  /** WebKitGTK does not pass files to the page; there the window handles the drop if the page ignores it. */
  async function drop(event: ReactDragEvent): Promise<void> {
    over.end()
    const file = event.dataTransfer.files[0]
    if (!file) return
    event.preventDefault()
    offerDocument(await file.text())
    await navigate({ to: "/projects/new" })
  }

  return (
    <div
      role="dialog"
      aria-label="Drop a document"
      className="fixed inset-0 z-50 flex items-center justify-center bg-backdrop p-6"
      onDragOver={(event) => event.dataTransfer.types.includes("Files") && event.preventDefault()}
      onDragLeave={over.end}
      onDrop={(event) => void drop(event)}
    >
      <p className="pointer-events-none flex items-center gap-3 rounded-xl border border-line bg-raised px-6 py-5 shadow-float">
        <FileDown aria-hidden="true" className="size-5 text-accent" />
        Let go to start a project from this document
      </p>
    </div>
  )
}

function useFileOver(): { is: boolean; end: () => void } {
  const [is, set] = useState(false)
  const hide = useCallback(() => set(false), [])
  // A drop handled by the window sends no event to the page.
  useWindow("document", hide)
  useWindow("refused", hide)
  useEffect(() => {
    if (!isInWindow()) return
    // A link of the page itself that is dragged looks like a file's address.
    let isOwn = false
    const start = () => {
      isOwn = true
    }
    const end = () => {
      isOwn = false
      set(false)
    }
    const enter = ({ dataTransfer }: DragEvent) => {
      const isFile = dataTransfer?.types.some((type) => type === "Files" || type === "text/uri-list") ?? false
      if (isFile && !isOwn) set(true)
    }
    window.addEventListener("dragstart", start)
    window.addEventListener("dragend", end)
    window.addEventListener("dragenter", enter)
    // The pointer moves only after the drag has ended.
    window.addEventListener("pointermove", hide)
    return () => {
      window.removeEventListener("dragstart", start)
      window.removeEventListener("dragend", end)
      window.removeEventListener("dragenter", enter)
      window.removeEventListener("pointermove", hide)
    }
  }, [hide])
  return { is, end: hide }
}
