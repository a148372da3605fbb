/** The socket of a terminal, or of a command that is watched: attached with a one-use ticket, again after a gap. */
import { client } from "./client.ts"
import { waitBefore } from "./live.logic.ts"

/** `commands` are those of the agent and the checks, which accept no input. */
export type ScreenKind = "terminal" | "commands"

export type Shown = {
  text: string
  /** A terminal has a size of its own. */
  cols?: number
  rows?: number
  /** A command says what and whose it is. */
  command?: string
  by?: "agent" | "check"
}

/** `gone`: it is not there any more, and nothing says why. */
export type Ending = { kind: "exit"; exitCode: number | null; reason?: string } | { kind: "gone" }

export type TerminalTarget = {
  /** Redraws the whole screen. */
  show(shown: Shown): void
  /** Another viewer resized it. */
  resize(cols: number, rows: number): void
  /** A program gave it a name. */
  rename(title: string): void
  /** @param drawn to be called when it is on the screen */
  draw(text: string, drawn: () => void): void
  /** The shell or the command has ended. */
  end(how: Ending): void
  state(attached: boolean): void
}

export type TerminalLine = {
  type(text: string): void
  resize(cols: number, rows: number): void
  close(): void
}

/** A frame has at most a million characters and never splits a surrogate pair. */
const parts = /.{1,100000}/gsu

const endedCodes: readonly number[] = [1000, 4400, 4401, 4403, 4404]

export function attachTerminal(kind: ScreenKind, id: string, target: TerminalTarget): TerminalLine {
  let socket: WebSocket | undefined
  let ending: Ending = { kind: "gone" }
  let closed = false
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  // Input before the first screen is queued.
  let early: string | undefined = ""

  const send = (frame: object) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }
  const input = (text: string) => {
    for (const part of text.match(parts) ?? []) send({ type: "input", text: part })
  }
  const receive = (data: string) => {
    const frame = JSON.parse(data)
    if (frame.type === "screen") {
      attempt = 0
      target.state(true)
      target.show(frame)
      if (early) input(early)
      early = undefined
    }
    if (frame.type === "size") target.resize(frame.cols, frame.rows)
    if (frame.type === "title") target.rename(frame.title)
    if (frame.type === "exit") ending = { kind: "exit", exitCode: frame.exitCode, reason: frame.reason }
    if (frame.type === "output")
      target.draw(frame.text, () => send({ type: "drawn", length: frame.text.length }))
  }
  const retry = () => {
    if (closed) return
    target.state(false)
    timer = setTimeout(() => void connect(), waitBefore(attempt++, Math.random()))
  }
  async function connect(): Promise<void> {
    try {
      const { ticket } = await client.call("createTicket", {})
      if (closed) return
      const origin = location.origin.replace(/^http/, "ws")
      const next = new WebSocket(`${origin}/ws/${kind}/${encodeURIComponent(id)}?token=${ticket}`)
      next.onmessage = ({ data }) => receive(String(data))
      next.onclose = ({ code }) => {
        if (closed) return
        if (endedCodes.includes(code)) target.end(ending)
        else retry()
      }
      socket = next
    } catch {
      retry()
    }
  }
  void connect()
  return {
    type(text) {
      if (early === undefined) input(text)
      else early += text
    },
    resize: (cols, rows) => send({ type: "resize", cols, rows }),
    close() {
      closed = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}
