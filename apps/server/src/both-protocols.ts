/** HTTP and HTTPS on one port: the first byte of a connection tells which, and one server answers both. */
import type { Server } from "node:http"
import type { Socket } from "node:net"
import { createSecureContext, TLSSocket } from "node:tls"
import type { Certificate } from "./certificate.ts"

/** The first byte of a TLS connection: a handshake record. */
const handshake = 22
const patienceMs = 10_000

/**
 * Call it before anything listens for the server's connections.
 * @param certificate undefined while there is none: HTTPS is refused then
 * @returns ends the connections that have not said which they are
 */
export function answerBoth(server: Server, certificate: () => Certificate | undefined): () => void {
  const [answer, ...others] = server.listeners("connection")
  if (!answer || others.length > 0) throw new Error("the server's connections are listened for already")
  const undecided = new Set<Socket>()
  const begin = (socket: Socket) => answer.call(server, socket)

  function decide(socket: Socket): void {
    const chunk: Buffer | null = socket.read()
    if (chunk === null) return
    undecided.delete(socket)
    socket.off("readable", onReadable).off("error", ignore)
    socket.setTimeout(0)
    socket.unshift(chunk)
    if (chunk[0] === handshake) secure(socket)
    else begin(socket)
  }

  function secure(socket: Socket): void {
    const made = certificate()
    if (!made) {
      socket.destroy()
      return
    }
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ key: made.key, cert: made.cert, minVersion: "TLSv1.2" }),
      ALPNProtocols: ["http/1.1"],
    })
    secured.on("error", () => socket.destroy())
    secured.once("secure", () => {
      server.emit("secured", socket, secured)
      begin(secured)
    })
  }
  function onReadable(this: Socket): void {
    decide(this)
  }

  server.removeAllListeners("connection")
  server.on("connection", (socket: Socket) => {
    undecided.add(socket)
    socket.once("close", () => undecided.delete(socket))
    socket.on("error", ignore).on("readable", onReadable)
    socket.setTimeout(patienceMs, () => undecided.has(socket) && socket.destroy())
  })
  return () => {
    for (const socket of undecided) socket.destroy()
  }
}

function ignore(): void {}

/** True for a request that came over HTTPS to Aura itself. */
export function isEncrypted(socket: Socket): boolean {
  return socket instanceof TLSSocket
}
