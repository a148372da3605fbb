/** Announces what needs a person outside the page: in the tab's title, and by system notifications if allowed. */
import { useEffect, useRef } from "react"
import { create } from "zustand"
import { client } from "../../api/client.ts"
import { useAttention } from "../../api/queries/projects.ts"
import { isInWindow } from "../../api/window.ts"
import { toNew, toNotification } from "./attention.logic.ts"

const storageKey = "aura-notify"

/** Whether this device is told by the system; `denied` by the browser, which only its own settings can undo. */
export type Telling = "on" | "off" | "denied" | "unknown here"

export const useTelling = create<{ telling: Telling }>(() => ({ telling: read() }))

function read(): Telling {
  if (isInWindow()) return localStorage.getItem(storageKey) === "off" ? "off" : "on"
  if (!("Notification" in window)) return "unknown here"
  if (Notification.permission === "denied") return "denied"
  return Notification.permission === "granted" && localStorage.getItem(storageKey) === "on" ? "on" : "off"
}

export async function turnOn(): Promise<void> {
  if (isInWindow() || (await Notification.requestPermission()) === "granted")
    localStorage.setItem(storageKey, "on")
  useTelling.setState({ telling: read() })
}

export function turnOff(): void {
  if (isInWindow()) localStorage.setItem(storageKey, "off")
  else localStorage.removeItem(storageKey)
  useTelling.setState({ telling: read() })
}

/** Watches for things that need a person while somebody is signed in. */
export function useNotifications(): void {
  const { data } = useAttention()
  const before = useRef(data)
  useEffect(() => {
    if (!data) return
    const fresh = toNew(before.current, data)
    before.current = data
    if (read() !== "on" || document.hasFocus()) return
    for (const item of fresh) {
      const { title, body } = toNotification(item)
      if (isInWindow()) {
        // Told by the system; what cannot be told stands in the inbox as well.
        void client.call("notify", { body: { title, body, path: "/inbox" } }).catch(() => undefined)
        continue
      }
      const shown = new Notification(title, { body, tag: item.id, icon: "/favicon.svg" })
      shown.onclick = () => window.focus()
    }
  }, [data])
}
