/** Terminals: the user's own shells, kept alive on the server so that a page can come and go. */
import { basename } from "node:path"
import { AuraError, type NewId, type TerminalView } from "@aura/core"
import type { IPty } from "@lydell/node-pty"
import { cleanEnv } from "./workspaces/process.ts"

export type Terminals = {
  list(): TerminalView[]
  create(input: { projectId: string | null; cwd: string; cols: number; rows: number }): Promise<TerminalView>
  /** Replays what is on record, then follows. @throws AuraError `not_found` */
  attach(id: string, listener: Listener): { replay: string; detach: () => void }
  write(id: string, text: string): void
  resize(id: string, cols: number, rows: number): void
  /** Ends the shell and everything it started. @throws AuraError `not_found` */
  remove(id: string): void
  removeAll(): void
}

export type Listener = { onOutput(text: string): void; onExit(exitCode: number): void }

type Open = { view: TerminalView; pty: IPty; scrollback: string; listeners: Set<Listener> }

const mostScrollback = 400_000
const mostTerminals = 32

export function createTerminals(now: () => number, newId: NewId): Terminals {
  const open = new Map<string, Open>()
  const get = (id: string): Open => {
    const found = open.get(id)
    if (!found) throw new AuraError("not_found", "There is no such terminal.")
    return found
  }
  const end = (terminal: Open) => {
    // The shell leads a session of its own; its group goes with it, and so does what still hangs on the terminal.
    try {
      process.kill(-terminal.pty.pid, "SIGKILL")
    } catch {
      terminal.pty.kill("SIGKILL")
    }
  }
  return {
    list: () => [...open.values()].map((terminal) => terminal.view),
    async create(input) {
      if (open.size >= mostTerminals)
        throw new AuraError("conflict", `There are ${mostTerminals} terminals open. Close one first.`)
      const { spawn } = await import("@lydell/node-pty")
      const shell = process.env.SHELL ?? "/bin/bash"
      const env = {
        ...cleanEnv(),
        TERM: "xterm-256color",
        COLORTERM: "truecolor",
        CI: undefined,
        NO_COLOR: undefined,
      }
      const pty = spawn(shell, ["-i"], { cwd: input.cwd, cols: input.cols, rows: input.rows, env })
      const view: TerminalView = {
        id: newId("terminal"),
        projectId: input.projectId,
        cwd: input.cwd,
        title: basename(shell),
        cols: input.cols,
        rows: input.rows,
        createdAt: new Date(now()).toISOString(),
      }
      const terminal: Open = { view, pty, scrollback: "", listeners: new Set() }
      open.set(view.id, terminal)
      pty.onData((text) => {
        terminal.scrollback = (terminal.scrollback + text).slice(-mostScrollback)
        for (const listener of terminal.listeners) listener.onOutput(text)
      })
      pty.onExit(({ exitCode }) => {
        open.delete(view.id)
        for (const listener of terminal.listeners) listener.onExit(exitCode)
      })
      return view
    },
    attach(id, listener) {
      const terminal = get(id)
      terminal.listeners.add(listener)
      return { replay: terminal.scrollback, detach: () => void terminal.listeners.delete(listener) }
    },
    write: (id, text) => get(id).pty.write(text),
    resize(id, cols, rows) {
      const terminal = get(id)
      terminal.pty.resize(cols, rows)
      terminal.view = { ...terminal.view, cols, rows }
    },
    remove: (id) => end(get(id)),
    removeAll: () => {
      for (const terminal of open.values()) end(terminal)
    },
  }
}
