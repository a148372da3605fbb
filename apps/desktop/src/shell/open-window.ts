/** One window and its page: where it may go, whether it still lives, and the one question it asks before it closes. */
import { type Closing, FromPage, type FromShell } from "../messages.ts"
import { findPlace, nameScreens, type Places } from "../place.ts"
import { toPath, wayOf } from "./address.ts"
import { nextZoom } from "./menu.ts"
import { makePreload, makeTelling } from "./page.ts"
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
/** A page that has been silent for so long hangs for good. */
const silentMs = 20_000
const askMs = 1500
const settleMs = 400
const onceMs = 500

export function openWindow(
  shell: Shell,
  options: { url: string; home: string; places: Places; nth: number },
  tell: (message: FromShell) => void,
  onClosing: (id: number) => void,
): OpenWindow {
  const { home, places } = options
  let factor = 1
  let path = toPath(options.url, home)
  let lastOutside = ""
  let moving: NodeJS.Timeout | undefined
  let unanswered: NodeJS.Timeout | undefined
  let heardAt = performance.now()

  const answer = (given: Closing) => tell({ type: "answered", window: window.id, answer: given })
  const outside = (url: string) => {
    // A link into a new window is asked about twice: as the window, and as where it goes.
    if (url === lastOutside) return
    lastOutside = url
    setTimeout(() => {
      lastOutside = ""
    }, onceMs)
    tell({ type: "outside", url })
  }
  const listen = (text: string) => {
    const said = FromPage.safeParse(parse(text)).data
    if (said?.type === "asked") clearTimeout(unanswered)
    if (said?.type === "answered") answer(said.answer)
    if (said?.type === "signIn") tell({ type: "signIn", window: window.id, path: said.path })
  }
  const window = shell.open(
    {
      url: options.url,
      preload: makePreload(process.platform),
      place: (screens) => findPlace(places, screens, options.nth),
    },
    {
      closing: () => onClosing(window.id),
      titled(title) {
        window.setTitle(title || "Aura")
        const address = window.address()
        // A page whose process is gone has no address any more; it comes back where it was.
        if (address.startsWith(`${home}/`)) path = toPath(address, home)
        tell({ type: "titled", window: window.id, title, path })
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
  const revive = () => {
    heardAt = performance.now()
    tell({ type: "signIn", window: window.id, path })
  }
  const beat = setInterval(() => {
    if (performance.now() - heardAt > silentMs) return revive()
    void window.ping().then((isAlive) => {
      if (!isAlive) return revive()
      heardAt = performance.now()
    })
  }, beatMs)
  const page = {
    window,
    load: (url: string) => window.load(url),
    tell: (name: string, detail: unknown = null) => window.run(makeTelling(name, detail)),
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
