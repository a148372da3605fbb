/** Whether the plan is shown before the work begins: yes, until somebody chooses otherwise on this device. */
import { useState } from "react"

const key = "aura-plan-first"

export function usePlanFirst(): [isFirst: boolean, choose: (isFirst: boolean) => void] {
  const [isFirst, setFirst] = useState(() => localStorage.getItem(key) !== "no")
  return [
    isFirst,
    (next) => {
      localStorage.setItem(key, next ? "yes" : "no")
      setFirst(next)
    },
  ]
}
