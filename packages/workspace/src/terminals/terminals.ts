/** Terminals: the user's own shells, which the server keeps running while pages open and close. */
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
  /** Shows the current screen, then follows the output. @throws AuraError `not_found` */
  attach(id: string, viewer: Viewer): Seat
  /** Sends input; ignored after the terminal has ended. */
  write(id: string, text: string): void
  resize(id: string, cols: number, rows: number): void
  /** Ends the shell and everything it started. @throws AuraError `not_found` */
  remove(id: string): void
  /** Ends processes left over from terminals of an Aura that was killed. */
  endLeft(): void
  /** Ends the terminals of a project, or all terminals and the thread that draws them. */
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
/** The shell is paused while its screen has more characters than this left to draw. */
const maxUndrawn = 1_000_000
/** Time for the shell to write its history and release locks. */
const graceMs = 250
const titleLength = 120

/** @param owner the id of the install, by which processes of its terminals are found */
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
    // Resume the flow; otherwise the exit of the shell is never reported.
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
      // Skip this when Aura itself runs in such a terminal; it would end itself.
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

/** The user's own shell, unless others can change the file. */
function findShell(): string {
  const { SHELL = "" } = process.env
  if (isTrustedFile(SHELL)) return SHELL
  return isTrustedFile("/bin/bash") ? "/bin/bash" : "/bin/sh"
}

/** The environment Aura was started in, without Aura's own variables; secrets are removed when they are read. */
function userEnv(mark: string): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && !/^(AURA_|ANTHROPIC_|npm_|NODE_)/.test(name)) env[name] = value
  return { ...env, TERM: "xterm-256color", COLORTERM: "truecolor", [markName]: mark }
}

/** The shell is the leader of its own session; signals its whole process group. */
function endGroup(pty: IPty, signal: "SIGHUP" | "SIGKILL"): void {
  try {
    process.kill(-pty.pid, signal)
  } catch {
    // The group is empty.
  }
}
