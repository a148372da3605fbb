/** Sockets and event streams. Each has a bounded queue, and their number is limited. */
import type { EventEmitter } from "node:events"
import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { AuraError } from "@aura/core"
import type { auth } from "@aura/domain"
import type { WebSocket } from "ws"

export type Outlet = {
  /** Queues a message; check `isFull` before sending much. */
  send(text: string): void
  isFull(): boolean
  /** True when all queues together are full; for output that the client paces by acknowledgements. */
  isStuck(): boolean
  isOpen(): boolean
  /** Resolves when the queue is sent or the client has left; drops a client that does not read for too long. */
  taken(reason: () => string): Promise<void>
  /** Closes it with a reason, even if the client neither reads nor answers. */
  end(code: number, reason: string): void
}

/** A connection that stays open for one outlet. */
export type Seat = { release(): void }

export type Outlets = {
  /** Takes one of the places for a login. @throws AuraError `too_many_requests` when there is none left */
  reserve(login: Pick<auth.Login, "jti">, connection: Socket): Seat
  ofSocket(socket: WebSocket, connection: Socket): Outlet
  ofResponse(response: ServerResponse, connection: Socket): Outlet
  /** Work that has to finish before the server closes. */
  track(work: Promise<void>): void
  /** The number of bytes in all queues. */
  queued(): number
  /** Closes all of them without waiting for silent clients. */
  close(): Promise<void>
}

export type Limits = {
  perLogin: number
  overall: number
  /** A queue this long is full. */
  fullBytes: number
  /** How long a client with a full queue may read nothing. */
  stallMs: number
}

const usual: Limits = { perLogin: 64, overall: 512, fullBytes: 1024 * 1024, stallMs: 30_000 }
const stuckQueues = 8
/** How long a closing handshake may take before the connection is dropped. */
const farewellMs = 500

type Line = {
  send(text: string): void
  queued(): number
  /** Closes it gracefully. */
  close(code: number, reason: string): void
  drop(): void
  connection: Socket
  /** The event that signals the end. */
  over: EventEmitter
}

export function createOutlets(limits: Limits = usual): Outlets {
  const seats = new Map<Seat, string>()
  const lines = new Map<Line, Outlet>()
  const works = new Set<Promise<void>>()
  let isClosing = false

  const open = (line: Line): Outlet => {
    const { connection } = line
    const outlet: Outlet = {
      send: (text) => line.send(text),
      isOpen: () => !connection.destroyed,
      isStuck: () => line.queued() >= stuckQueues * limits.fullBytes,
      isFull: () => line.queued() >= limits.fullBytes,
      async taken(reason) {
        if (connection.destroyed || line.queued() === 0) return
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => {
            line.close(1013, reason())
            line.drop()
          }, limits.stallMs).unref()
          const finish = () => {
            clearTimeout(timer)
            connection.off("drain", finish)
            connection.off("close", finish)
            resolve()
          }
          connection.on("drain", finish)
          connection.on("close", finish)
        })
      },
      end(code, reason) {
        line.close(code, reason)
        setTimeout(() => line.drop(), farewellMs).unref()
      },
    }
    lines.set(line, outlet)
    for (const one of [connection, line.over]) one.once("close", () => lines.delete(line))
    return outlet
  }

  return {
    reserve({ jti }, connection) {
      if (isClosing) throw new AuraError("service_unavailable", "Aura is stopping.")
      const ofLogin = [...seats.values()].filter((one) => one === jti).length
      if (seats.size >= limits.overall || ofLogin >= limits.perLogin)
        throw new AuraError("too_many_requests", "Too many sockets and streams are open. Close some first.")
      const release = () => {
        seats.delete(seat)
        connection.off("close", release)
      }
      const seat: Seat = { release }
      seats.set(seat, jti)
      connection.once("close", release)
      return seat
    },
    ofSocket: (socket, connection) =>
      open({
        connection,
        over: socket,
        send: (text) => socket.readyState === socket.OPEN && socket.send(text),
        queued: () => socket.bufferedAmount,
        close: (code, reason) => socket.close(code, reason),
        drop: () => socket.terminate(),
      }),
    ofResponse: (response, connection) =>
      open({
        connection,
        over: response,
        send: (text) => response.writableEnded || response.write(text),
        queued: () => response.writableLength,
        close: () => response.end(),
        drop: () => connection.destroy(),
      }),
    track(work) {
      works.add(work)
      void work.finally(() => works.delete(work))
    },
    queued: () => [...lines.keys()].reduce((sum, line) => sum + line.queued(), 0),
    async close() {
      isClosing = true
      const gone = [...lines].map(async ([line, outlet]) => {
        if (line.connection.destroyed) return
        outlet.end(1001, "Aura stops")
        await new Promise<void>((resolve) => {
          for (const one of [line.connection, line.over]) one.once("close", resolve)
          setTimeout(resolve, 2 * farewellMs).unref()
        })
      })
      await Promise.all(gone)
      await Promise.all(works)
    },
  }
}
