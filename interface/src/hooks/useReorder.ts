/** Rows of a list that can be moved: dragged, or by Alt and the arrow keys while they have the focus. */
import { type DragEvent, type KeyboardEvent, useState } from "react"

const kind = "application/x-aura-row"

/** @param move asks the server to put the row at a place, counted from 1 */
export function useReorder(move: (id: string, to: number) => void) {
  const [over, setOver] = useState<string>()
  return {
    /** The properties of a row of the list. `place` is its position, from 1. */
    row: (id: string, place: number, movable: boolean) => ({
      draggable: movable,
      "data-over": over === id || undefined,
      onDragStart: (event: DragEvent) => event.dataTransfer.setData(kind, id),
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes(kind)) return
        event.preventDefault()
        setOver(id)
      },
      onDragLeave: () => setOver(undefined),
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        setOver(undefined)
        const dragged = event.dataTransfer.getData(kind)
        if (dragged && dragged !== id) move(dragged, place)
      },
      onKeyDown: (event: KeyboardEvent) => {
        if (!movable || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return
        event.preventDefault()
        move(id, Math.max(1, place + (event.key === "ArrowUp" ? -1 : 1)))
      },
    }),
  }
}
