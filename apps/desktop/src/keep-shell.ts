/** Keeps the process of the windows alive: what crashes is opened again, on the pages it showed. */
import type { ChildProcess } from "node:child_process"
import { FromShell, type ToShell } from "./messages.ts"
import { hasEnded, type ShellProcess } from "./shell-process.ts"

export type KeptShell = {
  isOpen(): boolean
  /** Opens a window on a path of the interface. */
  open(path: string): void
  send(message: ToShell): void
  /** Closes all windows and waits for their process to end. */
  close(): Promise<void>
}

export type ShellOptions = {
  /** The first process, which may be on its way already. */
  first: ShellProcess
  /** Starts a replacement for a shell that has ended. */
  start(): ShellProcess
  /** An address that signs in and opens a path. */
  signIn(path: string): Promise<string>
  /** Opens a window there. */
  makeOpen(url: string): ToShell
  hear(message: FromShell): void
  /** No window can be shown. */
  onHopeless(): void
  say(line: string): void
}

/** So many crashes in so long are more than bad luck. */
const hopeless = { crashes: 4, withinMs: 30_000 }
const exitMs = 3000

export function keepShell(options: ShellOptions): KeptShell {
  let child: ChildProcess | undefined
  let first: ShellProcess | undefined = options.first
  /** Sent once it is ready. */
  let waiting: ToShell[] | undefined
  let paths = new Map<number, string>()
  let crashes: number[] = []

  const send = (message: ToShell) => {
    if (waiting) waiting.push(message)
    else if (child?.connected) child.send(message)
  }
  const openAt = async (path: string) => send(options.makeOpen(await options.signIn(path)))
  const note = (message: FromShell) => {
    if (message.type === "titled") paths.set(message.window, message.path)
    if (message.type === "closed") paths.delete(message.window)
    options.hear(message)
  }
  const start = () => {
    waiting = []
    paths = new Map()
    const { child: started, ready } = first && !hasEnded(first.child) ? first : options.start()
    first = undefined
    child = started
    let wasReady = false
    void ready.then((isReady) => {
      wasReady = isReady
      if (!isReady || child !== started) return
      for (const one of waiting?.splice(0) ?? []) started.send(one)
      waiting = undefined
    })
    started.on("message", (raw) => {
      const message = FromShell.safeParse(raw).data
      if (message && child === started) note(message)
    })
    started.on("error", () => undefined)
    started.once("exit", (code, signal) => {
      if (child !== started) return
      child = undefined
      const left = [...paths.values()]
      const now = performance.now()
      crashes = [...crashes.filter((at) => now - at < hopeless.withinMs), now]
      if (!wasReady || crashes.length >= hopeless.crashes) return options.onHopeless()
      options.say(`The window ended unexpectedly (${signal ?? code}) and opens again.`)
      for (const path of left.length > 0 ? left : ["/"]) open(path)
    })
  }
  const open = (path: string) => {
    if (!child) start()
    void openAt(path).catch((thrown: unknown) => options.say(String(thrown)))
  }
  return {
    isOpen: () => child !== undefined,
    open,
    send,
    async close() {
      const ending = child
      child = undefined
      if (!ending || hasEnded(ending)) return
      const ended = new Promise<void>((resolve) => ending.once("exit", () => resolve()))
      if (ending.connected) ending.send({ type: "exit" } satisfies ToShell)
      const late = setTimeout(() => ending.kill("SIGKILL"), exitMs)
      await ended
      clearTimeout(late)
    },
  }
}
