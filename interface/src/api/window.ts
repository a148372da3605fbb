/** Messages to and from Aura's own window around the page, if there is one. */
import { useEffect } from "react"

declare global {
  interface Window {
    /** Set by the window before any script of the page runs. */
    auraWindow?: true
    ipc?: { postMessage(text: string): void }
  }
}

type Saying =
  | { type: "ready" }
  | { type: "asked" }
  | { type: "answered"; answer: "keep" | "stop" | "cancel" }
  | { type: "signIn"; path: string }
  | { type: "unsaved"; count: number }
  | { type: "close" }
  | { type: "stay" }

/**
 * What the window asks of the page: to go to a path, to take a document, to say why one was not taken, to ask before it
 * closes on a run, to ask before it closes on unsaved work.
 */
type Asking = {
  go: string
  document: { name: string; text: string }
  refused: { problem: string }
  closing: null
  leaving: null
}

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
  useEffect(() => listenTo(name, take), [name, take])
}

function listenTo<N extends keyof Asking>(name: N, take: (asking: Asking[N]) => void): () => void {
  const listen = (event: Event) => {
    if (event instanceof CustomEvent) take(event.detail)
  }
  window.addEventListener(`aura:${name}`, listen)
  return () => window.removeEventListener(`aura:${name}`, listen)
}

/**
 * Says how much unsaved work the page holds; call it whenever that changes. With any, Aura's own window asks the page
 * before it closes (`onCloseAsked`), and a browser asks by itself. With 0 both close without a word.
 */
export function holdOpen(count: number): void {
  tellWindow({ type: "unsaved", count })
  if (count > 0) window.addEventListener("beforeunload", keep)
  else window.removeEventListener("beforeunload", keep)
}

function keep(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

/**
 * Listens for somebody who closes Aura's own window, or quits, while the page holds unsaved work. The page shows its
 * dialog, and answers with `closeNow` or `stayOpen`; while nobody listens, the window closes.
 * @returns stops listening
 */
export function onCloseAsked(ask: () => void): () => void {
  return listenTo("leaving", () => {
    // So that the window waits for a person, however long that takes.
    tellWindow({ type: "asked" })
    ask()
  })
}

/** Closes the window, whatever the page holds, and goes on with what asked for it: quitting closes the others too. */
export function closeNow(): void {
  if (isInWindow()) tellWindow({ type: "close" })
  else {
    window.removeEventListener("beforeunload", keep)
    window.close()
  }
}

/** The window stays. */
export function stayOpen(): void {
  tellWindow({ type: "stay" })
}
