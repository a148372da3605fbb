/** A value that follows another one at most once per interval and always ends with its last state. */
import { useEffect, useRef, useState } from "react"

/** @param everyMs 0 to follow at once */
export function useThrottled<T>(value: T, everyMs: number): T {
  const [shown, setShown] = useState(value)
  const latest = useRef({ value, at: 0 })
  latest.current.value = value
  useEffect(() => {
    if (everyMs === 0 || Object.is(value, shown)) return
    const wait = Math.max(0, latest.current.at + everyMs - performance.now())
    const timer = setTimeout(() => {
      latest.current.at = performance.now()
      setShown(latest.current.value)
    }, wait)
    return () => clearTimeout(timer)
  }, [value, shown, everyMs])
  return everyMs === 0 ? value : shown
}
