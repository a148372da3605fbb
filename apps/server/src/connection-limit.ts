/** Connections that have not shown a token yet: only so many are kept, the one that waited longest goes first. */
import type { Server } from "node:http"
import type { Socket } from "node:net"

export type ConnectionLimit = {
  /** Counts every new connection of the server; see `answerBoth` for its event "secured". */
  watch(server: Server): void
  /** The connection has shown a token, or is one of our own pages': it counts no longer. */
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
