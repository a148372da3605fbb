/** What a window adds to its page: the scripts it runs there. */

/**
 * Before any script of the page: marks it as one in Aura's own window, and undoes by the keys where the web view does
 * not (WebKitGTK), after the page had its say: an editor with a history of its own has taken them by then.
 */
export function makePreload(platform: NodeJS.Platform): string {
  return `window.auraWindow = true
${platform === "linux" ? keys : ""}`
}

const keys = `window.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !event.ctrlKey || event.altKey || event.metaKey) return
  const key = event.key.toLowerCase()
  const command = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : undefined
  if (command && document.execCommand(command)) event.preventDefault()
})`

/** Tells the page something; it may listen or not. */
export function makeTelling(name: string, detail: unknown): string {
  const event = JSON.stringify(`aura:${name}`)
  return `window.dispatchEvent(new CustomEvent(${event}, { detail: ${JSON.stringify(detail)} }))`
}

/** Does what an entry of the menu says. Undo and redo go by the keys, for the page to take them first. */
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
