/** A screen that is only looked at: keys scroll it, nothing is typed, no cursor is shown. */
import type { Terminal } from "@xterm/xterm"

const moves: ReadonlyMap<string, (terminal: Terminal) => void> = new Map([
  ["ArrowUp", (terminal) => terminal.scrollLines(-1)],
  ["ArrowDown", (terminal) => terminal.scrollLines(1)],
  ["PageUp", (terminal) => terminal.scrollPages(-1)],
  ["PageDown", (terminal) => terminal.scrollPages(1)],
  ["Home", (terminal) => terminal.scrollToTop()],
  ["End", (terminal) => terminal.scrollToBottom()],
])

/**
 * A key that was pressed: scrolls, or is the browser's, as Tab is.
 * @param refuse told when it would have been typed
 * @returns false: xterm is not to hear of it
 */
export function readKey(terminal: Terminal, event: KeyboardEvent, refuse: () => void): false {
  const move = moves.get(event.key)
  if (move) {
    event.preventDefault()
    move(terminal)
  } else if (!event.metaKey && !event.altKey && (event.key.length === 1 || event.key === "Enter")) refuse()
  return false
}

/** For good: a program that shows its own is not heard. */
export function hideCursor(terminal: Terminal): void {
  terminal.textarea?.setAttribute("readonly", "")
  terminal.parser.registerCsiHandler(
    { prefix: "?", final: "h" },
    (params) => params.length === 1 && params[0] === 25,
  )
}
