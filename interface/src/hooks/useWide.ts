/** Whether there is room for a column beside the page, as the `lg` breakpoint of the styles has it. */
import { useSyncExternalStore } from "react"

const wide = window.matchMedia("(min-width: 64rem)")

export function useWide(): boolean {
  return useSyncExternalStore(follow, () => wide.matches)
}

function follow(changed: () => void): () => void {
  wide.addEventListener("change", changed)
  return () => wide.removeEventListener("change", changed)
}
