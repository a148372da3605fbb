/** One window and its page: allowed addresses, position, and whether the page is alive. */
import type { FromShell } from "../messages.ts"
import { findPlace, isSamePlace, type Kind, nameScreens, type Place, type Places } from "../place.ts"
import { toDropped, toPath, toSole, wayOf } from "./address.ts"
import { nextZoom, type Step } from "./menu.ts"
import { makePreload } from "./page.ts"
import type { Shell, ShellWindow } from "./shell-window.ts"
import { createTalk, type Talk } from "./talk.ts"

export type OpenWindow = {
  window: ShellWindow
  talk: Talk
  /** What it shows and no other window may; empty when others may. */
  sole(): string
  kind: Kind
  load(url: string): void
  /** Asks in the page, in front of everything else. */
  ask(): void
  askToLeave(onClose: () => void): void
  zoom(by: Step): void
  close(): void
}

export type OpenEvents = {
  tell(message: FromShell): void
  /** The window is being closed; `isSure`: by the page itself. */
  closing(id: number, isSure: boolean): void
  focused(id: number): void
  /** What the menu has too, by a key that the page had no use for. */
  chose(entry: string, id: number): void
}

const beatMs = 5000
/** A page that has been silent for so long hangs for good. */
const silentMs = 20_000
const settleMs = 400
const onceMs = 500
const framedMs = 2000
const frame = 64

/** The state of a window is stored by its kind. */
export function kindOf(path: string): Kind {
  return toSole(path) === "" ? "main" : "editor"
}

export function openWindow(
  shell: Shell,
  options: { url: string; home: string; places: Places; nth: number },
  { tell, closing, focused, chose }: OpenEvents,
): OpenWindow {
  const { home, places, nth } = options
  let factor = 1
  let path = toPath(options.url, home)
  const kind = kindOf(path)
  let lastOutside = ""
  let moving: NodeJS.Timeout | undefined
  /** Its position when it is neither maximized nor full screen. */
  let place: Place | undefined
  const openedAt = performance.now()
  let heardAt = openedAt

  const outside = (url: string) => {
    // A link into a new window is asked about twice: as the window, and as where it goes.
    if (url === lastOutside) return
    lastOutside = url
    setTimeout(() => {
      lastOutside = ""
    }, onceMs)
    tell({ type: "outside", url })
  }
  const window = shell.open(
    {
      url: options.url,
      preload: makePreload(process.platform),
      place(screens) {
        place = findPlace(places, screens, { nth, kind })
        return place
      },
    },
    {
      closing: () => closing(window.id, false),
      focused: () => focused(window.id),
      loading: () => talk.reset(),
      titled(title) {
        window.setTitle(title || "Aura")
        const address = window.address()
        // A page whose process is gone has no address any more; it comes back where it was.
        if (address.startsWith(`${home}/`)) path = toPath(address, home)
        tell({ type: "titled", window: window.id, title, path })
      },
      moved() {
        clearTimeout(moving)
        moving = setTimeout(settle, settleMs)
      },
      said: (text) => talk.hear(text),
      mayGo(url) {
        const file = toDropped(url)
        // An editor is no place for a document of requirements.
        if (file !== undefined && kind === "main")
          setImmediate(() => tell({ type: "dropped", window: window.id, file }))
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
  const settle = () => {
    if (window.isFullScreen()) return
    const now = window.place()
    const before = place
    // Back to its own size it goes from a maximized one too, the next time.
    place = now.isMaximized && before ? { ...before, isMaximized: true } : now
    // Where it was put by us is nothing to remember: the second window is a step beside the first. The system may set
    // it right by a frame's width at first.
    const slack = performance.now() - openedAt < framedMs ? frame : 0
    if (!before || !isSamePlace(before, place, slack))
      tell({ type: "placed", places: { [nameScreens(window.screens(), kind)]: place } })
  }
  const talk = createTalk({
    run: (script) => window.run(script),
    answered: (answer) => tell({ type: "answered", window: window.id, answer }),
    signIn: (where) => tell({ type: "signIn", window: window.id, path: where }),
    closed: () => closing(window.id, true),
    chose: (id) => chose(id, window.id),
  })
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
  return {
    window,
    talk,
    kind,
    sole: () => toSole(path),
    load: (url) => window.load(url),
    ask() {
      window.focus()
      talk.ask()
    },
    askToLeave(onClose) {
      window.focus()
      talk.askToLeave(onClose)
    },
    zoom(by) {
      factor = nextZoom(factor, by)
      window.zoom(factor)
    },
    close() {
      clearInterval(beat)
      clearTimeout(moving)
      talk.end()
      window.close()
    },
  }
}
