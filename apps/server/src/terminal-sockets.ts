/** The sockets of terminals, both ways, and of commands, output only. */
import { AuraError } from "@aura/core"
import type { WebSocket } from "ws"
import { z } from "zod"
import type { Host } from "./host.ts"
import type { Outlet } from "./outlets.ts"

const TerminalFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("input"), text: z.string().max(1_000_000) }),
  z.object({
    type: z.literal("resize"),
    cols: z.number().int().min(2).max(1000),
    rows: z.number().int().min(2).max(1000),
  }),
  z.object({ type: z.literal("drawn"), length: z.number().int().min(0) }),
])

/** A socket and its queue. */
export type Line = { socket: WebSocket; outlet: Outlet }

/** Viewers acknowledge what they have drawn; one that acknowledges but does not read is disconnected before its queue grows. */
function toSend({ socket, outlet }: Line): (frame: object) => void {
  return (frame) => {
    if (socket.readyState !== socket.OPEN) return
    if (outlet.isStuck()) return outlet.end(4408, "too slow; attach again")
    outlet.send(JSON.stringify(frame))
  }
}

export function serveTerminal(host: Host, line: Line, id: string): void {
  const { socket } = line
  const send = toSend(line)
  try {
    const seat = host.terminals.attach(id, {
      onScreen(text) {
        const view = host.terminals.list().find((one) => one.id === id)
        send({ type: "screen", text, cols: view?.cols, rows: view?.rows })
      },
      onOutput: (text) => send({ type: "output", text }),
      onSize: (cols, rows) => send({ type: "size", cols, rows }),
      onTitle: (title) => send({ type: "title", title }),
      onExit: (exitCode, reason) => {
        send({ type: "exit", exitCode, ...(reason ? { reason } : {}) })
        socket.close(1000)
      },
      onBehind: () => socket.close(4408, "too slow; attach again"),
    })
    socket.on("message", (raw: Buffer) => {
      // Frames can arrive after our close frame, until the client has answered it.
      if (socket.readyState !== socket.OPEN) return
      const frame = TerminalFrame.safeParse(toJson(raw.toString("utf8")))
      if (!frame.success) return socket.close(4400, "that is no terminal frame")
      try {
        if (frame.data.type === "input") host.terminals.write(id, frame.data.text)
        else if (frame.data.type === "drawn") seat.drawn(frame.data.length)
        else host.terminals.resize(id, frame.data.cols, frame.data.rows)
      } catch {
        // The shell has ended, but its end was not reported yet.
        socket.close(4404, "gone")
      }
    })
    socket.once("close", seat.leave)
  } catch (thrown) {
    socket.close(4404, thrown instanceof AuraError ? thrown.message : "gone")
  }
}

/** Read-only: acknowledgements are the only accepted input, and nothing reaches the command. */
export function serveCommand(host: Host, line: Line, id: string): void {
  const { socket } = line
  const send = toSend(line)
  try {
    const { running, watched } = host.custody.find(id)
    const command = host.aura.redactor.text(running.command)
    const seat = watched.watch({
      onScreen: (text) => send({ type: "screen", text, command, by: running.by }),
      onOutput: (text) => send({ type: "output", text }),
      onEnd(ending) {
        send({ type: "exit", ...ending })
        socket.close(1000)
      },
    })
    socket.on("message", (raw: Buffer) => {
      const frame = TerminalFrame.safeParse(toJson(raw.toString("utf8")))
      if (frame.data?.type === "drawn") seat.drawn(frame.data.length)
    })
    socket.once("close", seat.leave)
  } catch (thrown) {
    socket.close(4404, thrown instanceof AuraError ? thrown.message : "gone")
  }
}

/** Disconnects a viewer; the shell keeps running. */
export function endTerminal({ socket, outlet }: Line, reason: string): void {
  if (socket.readyState !== socket.OPEN) return
  outlet.send(JSON.stringify({ type: "exit", exitCode: 0, reason }))
  outlet.end(4403, "switched off")
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
