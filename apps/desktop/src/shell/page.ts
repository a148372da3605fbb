/** What a window adds to its page: the scripts it runs there. */

/**
 * Before any script of the page: marks it as one in Aura's own window, and acts on keys after the page had its say: an
 * editor with a history of its own, or a terminal, has taken them by then. WebKitGTK does not undo by keys by itself;
 * the rest are entries of the menu, the keys of the number pad among them. On a Mac the menu listens for all of them.
 */
export function makePreload(platform: NodeJS.Platform): string {
  const keys = platform === "darwin" ? "" : makeKeys(platform === "linux")
  return `window.auraWindow = true
${keys}`
}

function makeKeys(undoes: boolean): string {
  return `window.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !event.ctrlKey || event.altKey || event.metaKey) return
  const key = event.key.toLowerCase()
  const editing = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : undefined
  if (editing && ${undoes}) return void (document.execCommand(editing) && event.preventDefault())
  const entry = { "+": "zoomIn", "-": "zoomOut", 0: "zoomReset" }[key] ?? (event.shiftKey ? undefined : { r: "reload", w: "closeWindow" }[key])
  const choose = () => event.defaultPrevented || window.ipc.postMessage(JSON.stringify({ type: "chose", entry }))
  if (entry) setTimeout(choose)
})`
}

/** Tells the page something; it may listen or not. */
export function makeTelling(name: string, detail: unknown): string {
  const event = JSON.stringify(`aura:${name}`)
  return `window.dispatchEvent(new CustomEvent(${event}, { detail: ${JSON.stringify(detail)} }))`
}

/** Runs a menu entry. Undo and redo are sent as keys, so that the page handles them first. */
export function makeEditing(command: string): string {
  if (command !== "undo" && command !== "redo") return `document.execCommand(${JSON.stringify(command)})`
  const init = {
    key: "z",
    code: "KeyZ",
    ctrlKey: true,
    shiftKey: command === "redo",
    bubbles: true,
    cancelable: true,
  }
  return `(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", ${JSON.stringify(init)}))`
}
