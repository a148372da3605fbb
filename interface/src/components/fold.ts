/** The expanded rows of a long list, stored by key, because rows are unmounted when they scroll out of view. */
import { createContext, useContext, useState } from "react"

export const FoldMemory = createContext<Map<string, boolean> | undefined>(undefined)

export function useFold(key: string, initial: boolean): [boolean, (open: boolean) => void] {
  const memory = useContext(FoldMemory)
  const [own, setOwn] = useState(memory?.get(key))
  function set(open: boolean): void {
    memory?.set(key, open)
    setOwn(open)
  }
  return [own ?? initial, set]
}
