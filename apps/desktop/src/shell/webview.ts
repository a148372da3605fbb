/** The native window by `@webviewjs/webview`: tao and wry, with the system's own web view. */
import type { BrowserWindow, Webview } from "@webviewjs/webview"
import type { Place, Screen } from "../place.ts"
import type { Library } from "./library.ts"
import type { MenuEntry, Shell, ShellWindow, WindowEvents, WindowOptions } from "./shell-window.ts"

/** Resolves when windows can be opened. */
export async function openShell(library: Library, folder: string): Promise<Shell> {
  const app = new library.Application()
  const context = app.createWebContext({ dataDirectory: folder })
  await app.whenReady()
  let menu: MenuEntry[] = []
  let theme = library.Theme.System
  const opened = new Set<BrowserWindow>()
  return {
    open(options, events) {
      // A menu of its own for each: of one for all the library says that a window has it already, when the window lies
      // in memory where another was closed. A Mac has one above all windows.
      const window = app.createBrowserWindow({
        title: "Aura",
        visible: false,
        width: 1280,
        height: 860,
        ...(process.platform === "darwin" ? {} : { menu: { items: menu }, showMenu: true }),
      })
      const place = options.place(readScreens(window))
      if (place) {
        window.setSize(place.width, place.height)
        window.setPosition(place.x, place.y)
      }
      const view = window.createWebview({ ...toViewOptions(library, options, events), webContext: context })
      listen(window, view, events)
      opened.add(window)
      if (theme !== library.Theme.System) window.setTheme(theme)
      window.show()
      if (place?.isMaximized) window.setMaximized(true)
      window.focus()
      return {
        ...toShellWindow(library, window, view),
        close() {
          opened.delete(window)
          window.dispose()
        },
      }
    },
    setMenu(entries, onChoice) {
      menu = [...entries]
      // What is chosen in the windows' own is told through it.
      app.setMenu({ items: menu })
      app.on("custom-menu-click", ({ customMenuEvent }) => {
        // Out of the library's callback: ending the process from within it hangs.
        if (customMenuEvent) setImmediate(() => onChoice(customMenuEvent.id))
      })
    },
    darken(isDark) {
      const wanted = isDark ? library.Theme.Dark : library.Theme.System
      if (wanted === theme) return
      theme = wanted
      for (const window of opened) window.setTheme(theme)
    },
    notify(title, body, onClick) {
      // Only what stays with its notification hears a click, and on Linux only a click that was announced is told.
      const actions = process.platform === "linux" ? [{ action: "default", title: "Open" }] : []
      const notification = new library.Notification(title, { body, persistent: true, actions })
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
  view.on("page-load-started", events.loading)
  view.on("title-changed", ({ title }) => events.titled(title ?? ""))
  view.onIpcMessage(({ body }) => {
    const text = body.toString("utf8")
    setImmediate(() => events.said(text))
  })
}

function toShellWindow(library: Library, window: BrowserWindow, view: Webview): Omit<ShellWindow, "close"> {
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
    isFullScreen: () => window.fullscreen !== null,
    focus() {
      window.setMinimized(false)
      window.show()
      window.focus()
      view.focus()
    },
    place: () => readPlace(window),
    screens: () => readScreens(window),
  }
}

function readPlace(window: BrowserWindow): Place {
  const { x, y } = window.getPosition()
  return { x, y, ...window.getInnerSize(), isMaximized: window.isMaximized() }
}

function readScreens(window: BrowserWindow): Screen[] {
  return window.getAvailableMonitors().map(({ position, size }) => ({ ...position, ...size }))
}
