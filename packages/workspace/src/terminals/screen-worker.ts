/** The screens of all terminals, in a worker thread, so that drawing output never blocks the server's event loop. */
import { createRequire } from "node:module"
import { parentPort } from "node:worker_threads"
import type { ITerminalAddon } from "@xterm/headless"
import headless from "@xterm/headless"
import { findBegun, redraw } from "./redraw.ts"
import type { ScreenOrder, ScreenReport } from "./screens.ts"

// By `require`: their types would add DOM types to the whole server.
const require = createRequire(import.meta.url)
type Serialize = ITerminalAddon & { serialize(): string }
const { SerializeAddon }: { SerializeAddon: new () => Serialize } = require("@xterm/addon-serialize")
const { Unicode11Addon }: { Unicode11Addon: new () => ITerminalAddon } = require("@xterm/addon-unicode11")

const scrollback = 10_000

type Screen = { terminal: InstanceType<typeof headless.Terminal>; serialize: Serialize; begun: string }

const screens = new Map<string, Screen>()
const report = (said: ScreenReport) => parentPort?.postMessage(said)

function open(id: string, cols: number, rows: number): void {
  const terminal = new headless.Terminal({ cols, rows, scrollback, allowProposedApi: true })
  const serialize = new SerializeAddon()
  terminal.loadAddon(serialize)
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = "11"
  // Answers a program's queries to its terminal once, however many viewers there are.
  terminal.onData((text) => report({ type: "answer", id, text }))
  terminal.onTitleChange((title) => report({ type: "title", id, title }))
  screens.set(id, { terminal, serialize, begun: "" })
}

parentPort?.on("message", (order: ScreenOrder) => {
  if (order.type === "open") return open(order.id, order.cols, order.rows)
  const screen = screens.get(order.id)
  if (!screen) return
  const { terminal, serialize } = screen
  // An empty write is queued too, so that everything happens in order.
  switch (order.type) {
    case "write":
      return terminal.write(order.text, () => {
        screen.begun = findBegun(terminal, screen.begun, order.text)
        report({ type: "drawn", id: order.id, length: order.text.length })
      })
    case "resize":
      return terminal.write("", () => terminal.resize(order.cols, order.rows))
    case "show":
      return terminal.write("", () =>
        report({
          type: "screen",
          id: order.id,
          ask: order.ask,
          // The screen may have been closed meanwhile.
          text: screens.has(order.id) ? redraw(terminal, serialize.serialize(), screen.begun) : "",
        }),
      )
    case "close":
      screens.delete(order.id)
      terminal.dispose()
  }
})
