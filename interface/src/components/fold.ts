/** What is unfolded in a long list: remembered by key, because rows leave the page as they scroll out of sight. */
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
