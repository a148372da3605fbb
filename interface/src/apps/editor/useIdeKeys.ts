/** Listens for the keys of the editor window; those the text takes for itself do not come here. */
import { useEffect, useRef } from "react"
import { type IdeAction, readIdeKey } from "./ide.logic.ts"

export function useIdeKeys(act: (action: IdeAction) => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      if (event.defaultPrevented || document.querySelector("[role=dialog]")) return
      const action = readIdeKey(event)
      if (!action) return
      event.preventDefault()
      latest.current(action)
    }
    window.addEventListener("keydown", press)
    return () => window.removeEventListener("keydown", press)
  }, [])
}
