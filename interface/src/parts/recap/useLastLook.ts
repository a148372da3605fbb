/** Notes on this device when a project was on screen, and says since when the person was away. */
import { useEffect, useState } from "react"
import { type LastLook, leave, look, readLook, writeLook } from "./last-look.logic.ts"

/** @returns since when, as ISO 8601; undefined: not away, or dismissed */
export function useLastLook(projectId: string): [awaySince: string | undefined, dismiss: () => void] {
  const key = `aura-looked-${projectId}`
  const [last, setLast] = useState<LastLook>()
  useEffect(() => {
    const note = (become: typeof look) => {
      const next = become(readLook(localStorage.getItem(key)), Date.now())
      localStorage.setItem(key, writeLook(next))
      return next
    }
    const follow = () => {
      if (document.visibilityState === "visible") setLast(note(look))
      else note(leave)
    }
    const onLeave = () => void note(leave)
    follow()
    document.addEventListener("visibilitychange", follow)
    window.addEventListener("pagehide", onLeave)
    return () => {
      onLeave()
      document.removeEventListener("visibilitychange", follow)
      window.removeEventListener("pagehide", onLeave)
    }
  }, [key])
  const since = last?.awaySince
  return [
    since === undefined ? undefined : new Date(since).toISOString(),
    () => {
      const seen = { seenAt: Date.now() }
      localStorage.setItem(key, writeLook(seen))
      setLast(seen)
    },
  ]
}
