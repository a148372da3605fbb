/** The title of the tab while a view is on screen; before it, how many things need a person. */
import { useEffect } from "react"
import { useAttention } from "../api/queries.ts"

export function useTitle(...parts: (string | false | undefined)[]): void {
  const pressing = useAttention().data?.length ?? 0
  const title = [...parts.filter(Boolean), "Aura"].join(" · ")
  useEffect(() => {
    document.title = pressing > 0 ? `(${pressing}) ${title}` : title
  }, [title, pressing])
}
