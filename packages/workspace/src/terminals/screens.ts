/** Controls the worker thread that keeps the screens. */
import { Worker } from "node:worker_threads"

export type ScreenOrder =
  | { type: "open"; id: string; cols: number; rows: number }
  | { type: "write"; id: string; text: string }
  | { type: "resize"; id: string; cols: number; rows: number }
  | { type: "show"; id: string; ask: number }
  | { type: "close"; id: string }

export type ScreenReport =
  | { type: "drawn"; id: string; length: number }
  | { type: "answer"; id: string; text: string }
  | { type: "title"; id: string; title: string }
  | { type: "screen"; id: string; ask: number; text: string }

export type ScreenListener = {
  /** Called with the number of characters drawn. */
  onDrawn(length: number): void
  /** Called with the terminal's answer to a program's query. */
  onAnswer(text: string): void
  onTitle(title: string): void
  /** The worker thread died, and the screen is lost. */
  onLost(): void
}

export type Screen = {
  write(text: string): void
  resize(cols: number, rows: number): void
  /** Text that redraws the screen and scrollback after everything written so far. */
  show(): Promise<string>
  close(): void
}

export type Screens = {
  open(id: string, size: { cols: number; rows: number }, listener: ScreenListener): Screen
  close(): void
}

/** The thread starts with the first screen. */
export function createScreens(): Screens {
  let worker: Worker | undefined
  let lastAsk = 0
  const listeners = new Map<string, ScreenListener>()
  const asked = new Map<number, (text: string) => void>()

  const hear = (report: ScreenReport) => {
    const listener = listeners.get(report.id)
    if (report.type === "drawn") listener?.onDrawn(report.length)
    if (report.type === "answer") listener?.onAnswer(report.text)
    if (report.type === "title") listener?.onTitle(report.title)
    if (report.type === "screen") asked.get(report.ask)?.(report.text)
  }
  const start = () => {
    const started = new Worker(new URL("./screen-worker.ts", import.meta.url), {
      name: "screens",
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    })
    started.on("message", hear)
    started.on("error", () => {
      worker = undefined
      for (const listener of listeners.values()) listener.onLost()
    })
    started.unref()
    return started
  }
  return {
    open(id, { cols, rows }, listener) {
      worker ??= start()
      const thread = worker
      const order = (one: ScreenOrder) => thread.postMessage(one)
      listeners.set(id, listener)
      order({ type: "open", id, cols, rows })
      return {
        write: (text) => order({ type: "write", id, text }),
        resize: (newCols, newRows) => order({ type: "resize", id, cols: newCols, rows: newRows }),
        show() {
          const ask = ++lastAsk
          order({ type: "show", id, ask })
          return new Promise((resolve) =>
            asked.set(ask, (text) => {
              asked.delete(ask)
              resolve(text)
            }),
          )
        },
        close() {
          listeners.delete(id)
          order({ type: "close", id })
        },
      }
    },
    close() {
      void worker?.terminate()
      worker = undefined
    },
  }
}
