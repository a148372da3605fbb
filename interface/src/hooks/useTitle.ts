/** The title of the tab while a view is on screen. */
import { useEffect } from "react"

export function useTitle(...parts: (string | false | undefined)[]): void {
  const title = [...parts.filter(Boolean), "Aura"].join(" · ")
  useEffect(() => {
    document.title = title
  }, [title])
}
