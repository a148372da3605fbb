/** Listens for shortcuts while a view is on screen. */
import { useEffect, useRef } from "react"
import { type Action, readKey, type Waiting } from "./shortcuts.logic.ts"

export function useShortcuts(act: (action: Action) => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    let waiting: Waiting
    function press(event: KeyboardEvent): void {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault()
        latest.current({ kind: "palette" })
        return
      }
      const plain = !event.metaKey && !event.ctrlKey && !event.altKey && !isTyping(event.target)
      const read = readKey(waiting, { key: event.key, at: event.timeStamp, plain })
      waiting = read.waiting
      if (!read.action) return
      event.preventDefault()
      if (read.action.kind === "move") moveFocus(read.action.by)
      else latest.current(read.action)
    }
    window.addEventListener("keydown", press)
    return () => window.removeEventListener("keydown", press)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=menu]") !== null
  )
}

/** Moves the focus among the rows of the list on screen. */
function moveFocus(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")]
  const focused = document.activeElement
  const at = focused instanceof HTMLElement ? rows.indexOf(focused) : -1
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by]
  next?.focus()
  next?.scrollIntoView({ block: "nearest" })
}
