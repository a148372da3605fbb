/** Connections that have not shown a token yet: only so many are kept, the one that waited longest goes first. */
import type { Server } from "node:http"
import type { Socket } from "node:net"

export type Crowd = {
  /** Counts every new connection of the server. */
  watch(server: Server): void
  /** The connection has shown a token, or is one of our own pages': it counts no longer. */
  admit(socket: Socket): void
}

export function createCrowd(most = 512): Crowd {
  const waiting = new Set<Socket>()
  return {
    watch(server) {
      server.on("connection", (socket: Socket) => {
        waiting.add(socket)
        socket.once("close", () => waiting.delete(socket))
        if (waiting.size <= most) return
        const [oldest] = waiting
        if (!oldest) return
        waiting.delete(oldest)
        oldest.destroy()
      })
    },
    admit: (socket) => void waiting.delete(socket),
  }
}
