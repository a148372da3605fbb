/** One window and its page: where it may go, whether it still lives, and the one question it asks before it closes. */
import { type Closing, FromPage, type FromShell } from "../messages.ts"
import { findPlace, nameScreens, type Places } from "../place.ts"
import { toPath, wayOf } from "./address.ts"
import { nextZoom } from "./menu.ts"
import type { Shell, ShellWindow } from "./shell-window.ts"

export type OpenWindow = {
  window: ShellWindow
  load(url: string): void
  /** Tells the page something; it may listen or not. */
  tell(name: string, detail?: unknown): void
  /** Asks in the page whether what runs goes on without it. A page that does not listen is no reason to stay open. */
  ask(): void
  zoom(by: -1 | 0 | 1): void
  close(): void
}

const beatMs = 5000
/** A page that has been silent for so long has lost its process. */
const silentMs = 20_000
const askMs = 1500
const settleMs = 400

/** Marks the page as one in a window of Aura's own, before any of its scripts run. */
const preload = "window.auraWindow = true"

export function openWindow(
  shell: Shell,
  options: { url: string; home: string; places: Places },
  tell: (message: FromShell) => void,
  onClosing: (id: number) => void,
): OpenWindow {
  const { home, places } = options
  let factor = 1
  let moving: NodeJS.Timeout | undefined
  let unanswered: NodeJS.Timeout | undefined
  let heardAt = performance.now()

  const answer = (given: Closing) => tell({ type: "answered", window: window.id, answer: given })
  const outside = (url: string) => tell({ type: "outside", url })
  const path = () => toPath(window.address(), home)
  const listen = (text: string) => {
    const said = FromPage.safeParse(parse(text)).data
    if (said?.type === "asked") clearTimeout(unanswered)
    if (said?.type === "answered") answer(said.answer)
    if (said?.type === "signIn") tell({ type: "signIn", window: window.id, path: said.path })
  }
  const window = shell.open(
    { url: options.url, preload, place: (screens) => findPlace(places, screens) },
    {
      closing: () => onClosing(window.id),
      titled(title) {
        window.setTitle(title || "Aura")
        tell({ type: "titled", window: window.id, title, path: path() })
      },
      moved() {
        clearTimeout(moving)
        moving = setTimeout(() => {
          const place = window.place()
          tell({ type: "placed", places: { [nameScreens(window.screens())]: place } })
        }, settleMs)
      },
      said: listen,
      dropped(files) {
        for (const file of files.slice(0, 1)) tell({ type: "dropped", window: window.id, file })
      },
      mayGo(url) {
        const way = wayOf(url, home)
        if (way === "browser") setImmediate(() => outside(url))
        return way === "here"
      },
      wantsNew(url) {
        const way = wayOf(url, home)
        if (way === "browser") outside(url)
        if (way === "here") tell({ type: "newWindow", path: toPath(url, home) })
      },
    },
  )
  const beat = setInterval(() => {
    void window.ping().then(() => {
      heardAt = performance.now()
    })
    if (performance.now() - heardAt < silentMs) return
    heardAt = performance.now()
    tell({ type: "signIn", window: window.id, path: path() })
  }, beatMs)
  const page = {
    window,
    load: (url: string) => window.load(url),
    tell: (name: string, detail: unknown = null) =>
      window.run(
        `window.dispatchEvent(new CustomEvent(${JSON.stringify(`aura:${name}`)}, { detail: ${JSON.stringify(detail)} }))`,
      ),
    ask() {
      window.focus()
      clearTimeout(unanswered)
      unanswered = setTimeout(() => answer("keep"), askMs)
      page.tell("closing")
    },
    zoom(by: -1 | 0 | 1) {
      factor = nextZoom(factor, by)
      window.zoom(factor)
    },
    close() {
      clearInterval(beat)
      clearTimeout(moving)
      clearTimeout(unanswered)
      window.close()
    },
  }
  return page
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
