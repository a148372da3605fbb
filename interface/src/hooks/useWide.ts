/** Whether there is room for a column beside the page, at the breakpoints the styles have. */
import { useSyncExternalStore } from "react"

const queries = {
  lg: window.matchMedia("(min-width: 64rem)"),
  xl: window.matchMedia("(min-width: 80rem)"),
} as const

export function useWide(at: keyof typeof queries = "lg"): boolean {
  return useSyncExternalStore(followers[at], () => queries[at].matches)
}

function follow(query: MediaQueryList) {
  return (changed: () => void): (() => void) => {
    query.addEventListener("change", changed)
    return () => query.removeEventListener("change", changed)
  }
}

const followers = { lg: follow(queries.lg), xl: follow(queries.xl) } as const
