/** Everything that goes on being sent: sockets and event streams. Each has a bounded queue, and there are only so many. */
import type { EventEmitter } from "node:events"
import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { AuraError } from "@aura/core"
import type { auth } from "@aura/domain"
import type { WebSocket } from "ws"

export type Outlet = {
  /** Puts it into the queue; whoever sends much asks `isFull` first. */
  send(text: string): void
  isFull(): boolean
  /** So much waits that more is sent to nobody: for what the client itself paces, by saying what it has drawn. */
  isStuck(): boolean
  isOpen(): boolean
  /** Resolves when the client has taken what was queued, or is gone; one that takes nothing for too long is dropped. */
  taken(reason: () => string): Promise<void>
  /** Says why and ends it, also where the other end neither reads nor answers. */
  end(code: number, reason: string): void
}

/** A connection that stays open for one outlet. */
export type Seat = { release(): void }

export type Outlets = {
  /** Takes one of the places for a login. @throws AuraError `too_many_requests` when there is none left */
  reserve(login: Pick<auth.Login, "jti">, connection: Socket): Seat
  ofSocket(socket: WebSocket, connection: Socket): Outlet
  ofResponse(response: ServerResponse, connection: Socket): Outlet
  /** Work for an outlet that the server must not outlive. */
  track(work: Promise<void>): void
  /** Bytes that wait in all queues. */
  queued(): number
  /** Ends them all, waiting for nobody who is silent. */
  close(): Promise<void>
}

export type Limits = {
  perLogin: number
  overall: number
  /** A queue this long is full. */
  fullBytes: number
  /** How long a client with a full queue may take nothing. */
  stallMs: number
}

const usual: Limits = { perLogin: 64, overall: 512, fullBytes: 1024 * 1024, stallMs: 30_000 }
const stuckQueues = 8
/** How long an end may be heard and answered before the connection is dropped. */
const farewellMs = 500

type Line = {
  send(text: string): void
  queued(): number
  /** Ends it in good order. */
  close(code: number, reason: string): void
  drop(): void
  connection: Socket
  /** What says that it is over. */
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
