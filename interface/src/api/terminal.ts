/** A terminal's socket: attached with a one-use ticket, again after a gap; says what was drawn. */
import { client } from "./client.ts"
import { waitBefore } from "./live.logic.ts"

export type TerminalTarget = {
  /** The whole screen anew, at this size. */
  show(text: string, cols: number, rows: number): void
  /** @param drawn to be called when it is on the screen */
  draw(text: string, drawn: () => void): void
  /** The shell is no more. */
  end(): void
  state(attached: boolean): void
}

export type TerminalLine = {
  type(text: string): void
  resize(cols: number, rows: number): void
  close(): void
}

const endedCodes: readonly number[] = [1000, 4400, 4401, 4404]

export function attachTerminal(id: string, target: TerminalTarget): TerminalLine {
  let socket: WebSocket | undefined
  let closed = false
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const send = (frame: object) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }
  const receive = (data: string) => {
    const frame = JSON.parse(data)
    if (frame.type === "screen") {
      attempt = 0
      target.state(true)
      target.show(frame.text, frame.cols, frame.rows)
    }
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
      const next = new WebSocket(`${origin}/ws/terminal/${encodeURIComponent(id)}?token=${ticket}`)
      next.onmessage = ({ data }) => receive(String(data))
      next.onclose = ({ code }) => {
        if (closed) return
        if (endedCodes.includes(code)) target.end()
        else retry()
      }
      socket = next
    } catch {
      retry()
    }
  }
  void connect()
  return {
    type: (text) => send({ type: "input", text }),
    resize: (cols, rows) => send({ type: "resize", cols, rows }),
    close() {
      closed = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}
