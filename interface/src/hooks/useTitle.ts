/** The title of the tab or window while a view is on screen; before it, how many things need a person. */
import { useEffect } from "react"
import { create } from "zustand"
import { useAttention } from "../api/queries/projects.ts"

const useShown = create<{ subject: string | undefined }>(() => ({ subject: undefined }))

/** Of a view that may hold another one, which says by `useSubject` what it is about. */
export function useTitle(...parts: (string | false | undefined)[]): void {
  const pressing = useAttention().data?.length ?? 0
  const subject = useShown((shown) => shown.subject)
  const title = [subject, ...parts, "Aura"].filter(Boolean).join(" · ")
  useEffect(() => {
    document.title = pressing > 0 ? `(${pressing}) ${title}` : title
  }, [title, pressing])
}

/** The title of a nested page, followed by the title of its parent. */
export function useSubject(subject: string | undefined): void {
  useEffect(() => {
    useShown.setState({ subject })
    return () => useShown.setState({ subject: undefined })
  }, [subject])
}
