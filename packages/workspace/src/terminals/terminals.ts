/** Terminals: the user's own shells, kept alive on the server so that a page can come and go. */
import { basename } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { AuraError, type NewId, type TerminalView } from "@aura/core"
import type { IPty } from "@lydell/node-pty"
import { isTrustedFile } from "../host-program.mjs"
import { type Audience, createAudience, type Seat, type Viewer } from "./audience.ts"
import { endMarked, markName } from "./marked.ts"
import { createScreens, type Screen } from "./screens.ts"

export type Terminals = {
  list(): TerminalView[]
  create(input: { projectId: string | null; cwd: string; cols: number; rows: number }): Promise<TerminalView>
  /** Shows the screen as it is, then follows. @throws AuraError `not_found` */
  attach(id: string, viewer: Viewer): Seat
  /** Types into it; one that has ended hears nothing. */
  write(id: string, text: string): void
  resize(id: string, cols: number, rows: number): void
  /** Ends the shell and everything it started. @throws AuraError `not_found` */
  remove(id: string): void
  /** Ends what is left of the terminals of an Aura that was killed. */
  endLeft(): void
  /** Ends those of a project, or all, and then the thread that draws them too. */
  removeAll(projectId?: string): Promise<void>
}

type Open = {
  view: TerminalView
  pty: IPty
  screen: Screen
  audience: Audience
  undrawn: number
  paused: boolean
}

const maxTerminals = 32
/** The shell waits while its screen has more than this to draw. */
const maxUndrawn = 1_000_000
/** For the shell to write its history and let go of locks. */
const graceMs = 250
const titleLength = 120

/** @param owner names the install: what its terminals started bears it, and is found by it */
export function createTerminals(now: () => number, newId: NewId, owner: string): Terminals {
  const toMark = (id: string) => `${owner}.${id}.`
  const open = new Map<string, Open>()
  const screens = createScreens()
  const ending = new Set<Promise<void>>()
  const get = (id: string): Open => {
    const found = open.get(id)
    if (!found)
      throw new AuraError("not_found", "There is no such terminal. It may have ended; open a new one.")
    return found
  }
  const close = (terminal: Open, exitCode: number, reason?: string) => {
    const { id } = terminal.view
    if (!open.delete(id)) return
    // Flow again, or the shell would never be seen to end.
    terminal.pty.resume()
    endGroup(terminal.pty, "SIGHUP")
    const gone = sleep(graceMs).then(() => {
      endGroup(terminal.pty, "SIGKILL")
      endMarked(toMark(id))
    })
    ending.add(gone)
    void gone.then(() => ending.delete(gone))
    terminal.screen.close()
    terminal.audience.end(exitCode, reason)
  }
  const steer = (terminal: Open) => {
    const shouldWait = terminal.undrawn > maxUndrawn || terminal.audience.isBehind()
    if (shouldWait === terminal.paused || !open.has(terminal.view.id)) return
    terminal.paused = shouldWait
    if (shouldWait) terminal.pty.pause()
    else terminal.pty.resume()
  }
  return {
    list: () => [...open.values()].map((terminal) => terminal.view),
    async create({ projectId, cwd, cols, rows }) {
      const { spawn } = await import("@lydell/node-pty")
      if (open.size >= maxTerminals)
        throw new AuraError("conflict", `There are ${maxTerminals} terminals open. Close one first.`)
      const shell = findShell()
      const id = newId("terminal")
      const pty = spawn(shell, ["-i"], { cwd, cols, rows, env: userEnv(toMark(id)) })
      const screen = screens.open(
        id,
        { cols, rows },
        {
          onDrawn(length) {
            terminal.undrawn -= length
            steer(terminal)
          },
          onAnswer: (text) => open.has(id) && pty.write(text),
          onTitle(title) {
            terminal.view = { ...terminal.view, title: title.slice(0, titleLength) || basename(shell) }
            terminal.audience.rename(terminal.view.title)
          },
          onLost: () => close(terminal, 1, "Aura lost this terminal's screen, and ended it."),
        },
      )
      const terminal: Open = {
        view: {
          id,
          projectId,
          cwd,
          title: basename(shell),
          cols,
          rows,
          createdAt: new Date(now()).toISOString(),
        },
        pty,
        screen,
        audience: createAudience(() => steer(terminal)),
        undrawn: 0,
        paused: false,
      }
      open.set(id, terminal)
      pty.onData((text) => {
        if (!open.has(id)) return
        terminal.undrawn += text.length
        screen.write(text)
        terminal.audience.tell(text)
        steer(terminal)
      })
      pty.onExit(({ exitCode }) => close(terminal, exitCode))
      return terminal.view
    },
    attach(id, viewer) {
      const { audience, screen } = get(id)
      return audience.join(viewer, screen.show())
    },
    write: (id, text) => open.get(id)?.pty.write(text),
    resize(id, cols, rows) {
      const terminal = open.get(id)
      if (!terminal || (terminal.view.cols === cols && terminal.view.rows === rows)) return
      terminal.pty.resize(cols, rows)
      terminal.screen.resize(cols, rows)
      terminal.view = { ...terminal.view, cols, rows }
      terminal.audience.resize(cols, rows)
    },
    remove: (id) => close(get(id), 0),
    endLeft() {
      // Started in such a terminal, Aura would end itself.
      const isWithin = process.env[markName]?.startsWith(`${owner}.`)
      if (open.size === 0 && !isWithin) endMarked(`${owner}.`)
    },
    async removeAll(projectId) {
      const reason = projectId === undefined ? "Aura was stopped, and this terminal with it." : undefined
      for (const terminal of open.values())
        if (projectId === undefined || terminal.view.projectId === projectId) close(terminal, 0, reason)
      await Promise.all(ending)
      if (projectId === undefined) screens.close()
    },
  }
}

/** The user's own, unless others can change it. */
function findShell(): string {
  const { SHELL = "" } = process.env
  if (isTrustedFile(SHELL)) return SHELL
  return isTrustedFile("/bin/bash") ? "/bin/bash" : "/bin/sh"
}

/** The user's environment as Aura was started in, less what is Aura's own; secrets left it when they were read. */
function userEnv(mark: string): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && !/^(AURA_|ANTHROPIC_|npm_|NODE_)/.test(name)) env[name] = value
  return { ...env, TERM: "xterm-256color", COLORTERM: "truecolor", [markName]: mark }
}

/** The shell leads a session of its own; its group goes with it. */
function endGroup(pty: IPty, signal: "SIGHUP" | "SIGKILL"): void {
  try {
    process.kill(-pty.pid, signal)
  } catch {
    // Nobody is left in it.
  }
}
