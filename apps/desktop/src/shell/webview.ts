/** The native window by `@webviewjs/webview`: tao and wry, with the system's own web view. */
import type { BrowserWindow, Webview } from "@webviewjs/webview"
import type { Place, Screen } from "../place.ts"
import type { Library } from "./library.ts"
import type { Shell, ShellWindow, WindowEvents, WindowOptions } from "./shell-window.ts"

/** Resolves when windows can be opened. */
export async function openShell(library: Library, folder: string): Promise<Shell> {
  const app = new library.Application()
  const context = app.createWebContext({ dataDirectory: folder })
  await app.whenReady()
  /**
   * Windows that were closed. They are hidden and taken again: the menu knows a window by its place in memory, and
   * refuses one that lies where another lay before.
   */
  const resting: BrowserWindow[] = []
  return {
    open(options, events) {
      const window =
        resting.pop() ?? app.createBrowserWindow({ title: "Aura", visible: false, width: 1280, height: 860 })
      const place = options.place(readScreens(window))
      if (place) {
        window.setSize(place.width, place.height)
        window.setPosition(place.x, place.y)
      }
      const view = window.createWebview({ ...toViewOptions(library, options, events), webContext: context })
      listen(window, view, events)
      window.show()
      if (window.isMaximized() !== (place?.isMaximized ?? false)) window.setMaximized(!window.isMaximized())
      window.focus()
      return toShellWindow(library, window, view, () => {
        window.removeAllListeners()
        view.dispose()
        window.hide()
        window.setFullscreen(null)
        window.setTitle("Aura")
        resting.push(window)
      })
    },
    setMenu(entries, onChoice) {
      app.setMenu({ items: [...entries] })
      app.on("custom-menu-click", ({ customMenuEvent }) => {
        // Out of the library's callback: ending the process from within it hangs.
        if (customMenuEvent) setImmediate(() => onChoice(customMenuEvent.id, customMenuEvent.windowId))
      })
    },
    notify(title, body, onClick) {
      const notification = new library.Notification(title, { body })
      notification.on("click", onClick)
      // No desktop to tell it to: what needs a person stands in the window as well.
      notification.on("error", () => undefined)
    },
    exit: () => app.exit(),
  }
}

function toViewOptions(library: Library, options: WindowOptions, events: WindowEvents) {
  return {
    url: options.url,
    preload: options.preload,
    theme: library.Theme.System,
    clipboard: true,
    hotkeysZoom: false,
    backForwardNavigationGestures: true,
    enableDevtools: true,
    navigationHandler: (url: string) => events.mayGo(url),
    newWindowHandler: ({ url }: { url?: string }) => {
      if (url) setImmediate(() => events.wantsNew(url))
      return false
    },
  }
}

function listen(window: BrowserWindow, view: Webview, events: WindowEvents): void {
  window.on("close", (event) => {
    event.preventDefault()
    setImmediate(events.closing)
  })
  window.on("move", events.moved)
  window.on("resize", events.moved)
  window.on("focus", events.focused)
  window.on("file-drop", ({ files }) => files && setImmediate(() => events.dropped(files)))
  view.on("page-load-started", events.loading)
  view.on("title-changed", ({ title }) => events.titled(title ?? ""))
  view.onIpcMessage(({ body }) => {
    const text = body.toString("utf8")
    setImmediate(() => events.said(text))
  })
}

function toShellWindow(
  library: Library,
  window: BrowserWindow,
  view: Webview,
  close: () => void,
): ShellWindow {
  return {
    id: window.id(),
    load: (url) => view.loadUrl(url),
    address: () => view.url() ?? "",
    run: (script) => view.evaluateScript(script),
    ping: () =>
      new Promise((resolve) => {
        // Without its process the page answers at once, with nothing.
        view.evaluateScriptWithCallback("1+1", (_: unknown, answer: string) => resolve(answer === "2"))
      }),
    setTitle: (title) => window.setTitle(title),
    zoom: (factor) => view.zoom(factor),
    toggleFullScreen: () =>
      window.setFullscreen(window.fullscreen === null ? library.FullscreenType.Borderless : null),
    focus() {
      window.setMinimized(false)
      window.show()
      window.focus()
      view.focus()
    },
    place: () => readPlace(window),
    screens: () => readScreens(window),
    close,
  }
}

function readPlace(window: BrowserWindow): Place {
  const { x, y } = window.getPosition()
  return { x, y, ...window.getInnerSize(), isMaximized: window.isMaximized() }
}

function readScreens(window: BrowserWindow): Screen[] {
  return window.getAvailableMonitors().map(({ position, size }) => ({ ...position, ...size }))
}
