/** Aura's own window around the page, when there is one: what it is told, and what it tells. */
import { useEffect } from "react"

declare global {
  interface Window {
    /** Set by the window before any script of the page runs. */
    auraWindow?: true
    ipc?: { postMessage(text: string): void }
  }
}

type Saying =
  | { type: "asked" }
  | { type: "answered"; answer: "keep" | "stop" | "cancel" }
  | { type: "signIn"; path: string }

/** What the window asks of the page: to go to a path, to take a document, to ask before it closes. */
type Asking = { go: string; document: { name: string; text: string }; closing: null }

export function isInWindow(): boolean {
  return window.auraWindow === true
}

/** True on Aura's own machine, where its programs can be started. */
export function isAtHome(): boolean {
  return isInWindow() || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname)
}

export function tellWindow(saying: Saying): void {
  if (isInWindow()) window.ipc?.postMessage(JSON.stringify(saying))
}

export function askToSignIn(): void {
  tellWindow({ type: "signIn", path: `${location.pathname}${location.search}` })
}

/** Listens to the window while a view is on screen. */
export function useWindow<N extends keyof Asking>(name: N, take: (asking: Asking[N]) => void): void {
  useEffect(() => {
    const listen = (event: Event) => {
      if (event instanceof CustomEvent) take(event.detail)
    }
    window.addEventListener(`aura:${name}`, listen)
    return () => window.removeEventListener(`aura:${name}`, listen)
  }, [name, take])
}
