/** The process of the windows: draws them and tells what happens in them; it decides nothing that outlives it. */
import { type FromShell, ToShell } from "../messages.ts"
import { loadLibrary } from "./library.ts"
import { makeMenu } from "./menu.ts"
import { type OpenWindow, openWindow } from "./open-window.ts"
import { makeEditing } from "./page.ts"
import { openShell } from "./webview.ts"

const [folder = "", home = ""] = process.argv.slice(2)
const windows = new Map<number, OpenWindow>()
const tell = (message: FromShell) => void process.send?.(message)

const shell = await openShell(loadLibrary(folder), folder)
shell.setMenu(makeMenu(process.platform), choose)
process.on("message", (raw) => {
  const message = ToShell.safeParse(raw).data
  if (message) follow(message)
})
// Aura is gone: nothing is left to show.
process.on("disconnect", leave)
tell({ type: "ready" })

function follow(message: ToShell): void {
  const one = "window" in message ? windows.get(message.window) : undefined
  switch (message.type) {
    case "open": {
      const opened = openWindow(shell, { ...message, home, nth: windows.size }, tell, closing)
      windows.set(opened.window.id, opened)
      break
    }
    case "load":
      one?.load(message.url)
      break
    case "ask":
      one?.ask()
      break
    case "drop":
      one?.tell("document", { name: message.name, text: message.text })
      break
    case "close":
      one?.close()
      windows.delete(message.window)
      break
    case "focus":
      front()?.window.focus()
      break
    case "notify":
      shell.notify(message.title, message.body, () => {
        front()?.window.focus()
        front()?.tell("go", message.path)
      })
      break
    case "exit":
      leave()
  }
}

function choose(id: string, windowId: number): void {
  const one = windows.get(windowId) ?? front()
  if (!one) return
  const { window } = one
  const commands: Record<string, () => void> = {
    newWindow: () => tell({ type: "newWindow", path: "/" }),
    settings: () => one.tell("go", "/settings"),
    closeWindow: () => closing(window.id),
    quit: () => tell({ type: "quit", window: window.id }),
    reload: () => window.run("location.reload()"),
    zoomIn: () => one.zoom(1),
    zoomOut: () => one.zoom(-1),
    zoomReset: () => one.zoom(0),
    fullScreen: () => window.toggleFullScreen(),
  }
  const command = commands[id] ?? (() => window.run(makeEditing(id)))
  command()
}

function closing(id: number): void {
  tell({ type: "closing", window: id, isLast: windows.size === 1 })
}

/** The window that was opened last. */
function front(): OpenWindow | undefined {
  return [...windows.values()].at(-1)
}

function leave(): void {
  // Not from within a callback of the library, where it would hang.
  setImmediate(() => {
    for (const one of windows.values()) one.close()
    shell.exit()
    process.exit(0)
  })
}
