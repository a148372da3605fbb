/** Limits connections that have not sent a token yet; closes the oldest one first. */
import type { Server } from "node:http"
import type { Socket } from "node:net"

export type ConnectionLimit = {
  /** Counts every new connection of the server; see `answerBoth` for its event "secured". */
  watch(server: Server): void
  /** The connection has sent a valid token, or belongs to one of our own pages, and no longer counts. */
  admit(socket: Socket): void
}

export function createConnectionLimit(most = 512): ConnectionLimit {
  const waiting = new Set<Socket>()
  function add(socket: Socket): void {
    waiting.add(socket)
    socket.once("close", () => waiting.delete(socket))
    if (waiting.size <= most) return
    const [oldest] = waiting
    if (!oldest) return
    waiting.delete(oldest)
    oldest.destroy()
  }
  return {
    watch(server) {
      server.on("connection", add)
      server.on("secured", (plain: Socket, secure: Socket) => {
        waiting.delete(plain)
        add(secure)
      })
    },
    admit: (socket) => void waiting.delete(socket),
  }
}
