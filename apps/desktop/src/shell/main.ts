/** The process of the windows: draws them and tells what happens in them; it decides nothing that outlives it. */
import { type FromShell, ToShell } from "../messages.ts"
import type { Places } from "../place.ts"
import { toPath, toSole } from "./address.ts"
import { loadLibrary } from "./library.ts"
import { makeMenu } from "./menu.ts"
import { kindOf, type OpenWindow, openWindow } from "./open-window.ts"
import { makeEditing } from "./page.ts"
import { followScheme } from "./scheme.ts"
import { openShell } from "./webview.ts"

const folder = process.argv[2] ?? ""
const windows = new Map<number, OpenWindow>()
const tell = (message: FromShell) => void process.send?.(message)

const shell = await openShell(loadLibrary(folder), folder)
shell.setMenu(makeMenu(process.platform), (id) => choose(id))
process.on("message", (raw) => {
  const message = ToShell.safeParse(raw).data
  if (message) follow(message)
})
// Aura is gone: nothing is left to show.
process.on("disconnect", leave)
followScheme(shell.darken)
tell({ type: "ready" })

function follow(message: ToShell): void {
  const one = "window" in message ? windows.get(message.window) : undefined
  switch (message.type) {
    case "open":
      open(message)
      break
    case "load":
      one?.load(message.url)
      break
    case "ask":
      one?.ask()
      break
    case "drop":
      one?.talk.tell("document", { name: message.name, text: message.text })
      break
    case "refuse":
      one?.talk.tell("refused", { problem: message.problem })
      break
    case "focus":
      front()?.window.focus()
      break
    case "notify":
      shell.notify(message.title, message.body, () => show(message.path))
      break
    case "exit":
      leave()
  }
}

function open({ url, home, places }: { url: string; home: string; places: Places }): void {
  const path = toPath(url, home)
  const sole = toSole(path)
  const there = [...windows.values()].find((one) => sole !== "" && one.sole() === sole)
  if (there) {
    there.window.focus()
    there.talk.tell("go", path)
    return
  }
  const nth = [...windows.values()].filter(({ kind }) => kind === kindOf(path)).length
  const events = { tell, closing, focused, chose: choose }
  const opened = openWindow(shell, { url, home, places, nth }, events)
  windows.set(opened.window.id, opened)
}

function choose(id: string, windowId?: number): void {
  const one = windowId === undefined ? front() : windows.get(windowId)
  if (!one) return
  const { window } = one
  const commands: Record<string, () => void> = {
    newWindow: () => tell({ type: "newWindow", path: "/" }),
    settings: () => show("/settings", one),
    closeWindow: () => closing(window.id, false),
    quit,
    reload: () => window.run("location.reload()"),
    zoomIn: () => one.zoom(1),
    zoomOut: () => one.zoom(-1),
    zoomReset: () => one.zoom(0),
    fullScreen: () => window.toggleFullScreen(),
  }
  const command = commands[id] ?? (() => window.run(makeEditing(id)))
  command()
}

function closing(id: number, isSure: boolean): void {
  const one = windows.get(id)
  const close = () => {
    if (windows.size > 1) remove(id)
    else tell({ type: "closing", window: id })
  }
  if (isSure || !one || one.talk.unsaved() === 0) close()
  else one.askToLeave(close)
}

/** Windows that hold unsaved work are asked and closed one after the other; one that stays ends it. */
function quit(): void {
  const all = [...windows.values()]
  const holder = all.find(({ talk }) => talk.unsaved() > 0)
  const last = all.at(-1)
  const leave = (id: number) => tell({ type: "quit", window: id })
  if (!holder) {
    if (last) leave(last.window.id)
    return
  }
  const { id } = holder.window
  holder.askToLeave(() => {
    // The last one stays for the question about what runs.
    if (windows.size === 1) leave(id)
    else {
      remove(id)
      quit()
    }
  })
}

function remove(id: number): void {
  windows.get(id)?.close()
  if (windows.delete(id)) tell({ type: "closed", window: id })
}

/** The map's order is that of their use. */
function focused(id: number): void {
  const one = windows.get(id)
  if (!one) return
  windows.delete(id)
  windows.set(id, one)
}

/** Goes to a path of the interface, never in place of somebody's editor. */
function show(path: string, from = front()): void {
  const one = mainOf(from)
  if (one?.kind !== "main") {
    tell({ type: "newWindow", path })
    return
  }
  one.window.focus()
  one.talk.tell("go", path)
}

/** The window itself, or for an editor the one beside it that was used last. */
function mainOf(one: OpenWindow | undefined): OpenWindow | undefined {
  if (one?.kind === "main") return one
  return [...windows.values()].findLast(({ kind }) => kind === "main") ?? one
}

/** The window that was used last. */
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
