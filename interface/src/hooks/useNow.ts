/** The server's time, once a second, while something on screen counts. */
import { useEffect, useState } from "react"
import * as clock from "../api/clock.ts"

export function useNow(running: boolean): number {
  const [now, setNow] = useState(clock.now)
  useEffect(() => {
    if (!running) return
    setNow(clock.now())
    const timer = setInterval(() => setNow(clock.now()), 1_000)
    return () => clearInterval(timer)
  }, [running])
  return now
}
