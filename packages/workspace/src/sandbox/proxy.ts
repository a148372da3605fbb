/** The only way out of a sandbox: a proxy on a socket file that connects to granted hosts and rejects all others. */

import { lookup } from "node:dns"
import { mkdtemp, rm } from "node:fs/promises"
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http"
import { connect, isIP, type LookupFunction, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Duplex } from "node:stream"
import { isGranted, type Place, readPlace } from "@aura/core"
import { isPublic } from "./addresses.ts"

export type OpenProxy = {
  /** Of the socket file, in a folder that only the user can look into. */
  readonly path: string
  close(): Promise<void>
}

const limits = {
  connections: 128,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  connectMs: 20_000,
  idleMs: 300_000,
}

/** Hop-by-hop headers. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
])

/** @param grants `host` or `host:port`; a host alone stands for ports 80 and 443 */
export async function openProxy(grants: readonly string[]): Promise<OpenProxy> {
  const folder = await mkdtemp(join(tmpdir(), "aura-proxy-"))
  const path = join(folder, "proxy.sock")
  const sockets = new Set<Duplex>()
  const server = createServer(
    { maxHeaderSize: limits.headerBytes, insecureHTTPParser: false, joinDuplicateHeaders: true },
    (asked, answer) => passOn(grants, asked, answer),
  )
  server.maxConnections = limits.connections
  server.headersTimeout = limits.headersMs
  server.requestTimeout = 0
  server.keepAliveTimeout = 5_000
  server.on("connection", (socket: Socket) => keep(sockets, socket))
  server.on("connect", (asked, socket, head) => {
    const onward = openTunnel(grants, asked, socket, head)
    if (onward) keep(sockets, onward)
  })
  await listen(server, path)
  server.unref()
  return {
    path,
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function keep(sockets: Set<Duplex>, socket: Socket): void {
  sockets.add(socket)
  socket.setTimeout(limits.idleMs, () => socket.destroy())
  socket.once("close", () => sockets.delete(socket))
}

function passOn(grants: readonly string[], asked: IncomingMessage, answer: ServerResponse): void {
  const url = URL.canParse(asked.url ?? "") ? new URL(asked.url ?? "") : undefined
  const place = url?.protocol === "http:" && url.username === "" ? readPlace(url.host) : undefined
  if (!url || !place || !isGranted(grants, place.host, place.port ?? 80)) {
    refuse(answer, 403, refusal(place))
    return
  }
  // With two lengths, client and server may disagree about where the next request begins.
  const { "content-length": length, "transfer-encoding": encoding } = asked.headers
  if (encoding !== undefined && (length !== undefined || encoding.toLowerCase() !== "chunked")) {
    refuse(answer, 400, "Aura: the length of the request is told in two ways.\n")
    return
  }
  const onward = request({
    // A new connection each time: one opened under another grant must not be reused.
    agent: false,
    method: asked.method,
    host: place.host.replace(/^\[|\]$/g, ""),
    port: place.port ?? 80,
    path: `${url.pathname}${url.search}`,
    lookup: lookupFor(place, grants),
    maxHeaderSize: limits.headerBytes,
    setDefaultHeaders: false,
    headers: {
      ...withoutHops(asked.headers),
      host: url.host,
      connection: "close",
      ...(encoding === undefined ? {} : { "transfer-encoding": "chunked" }),
    },
  })
  const late = setTimeout(
    () => onward.destroy(new Error("It did not answer the connection.")),
    limits.connectMs,
  )
  onward.on("socket", (socket) => {
    socket.once("connect", () => clearTimeout(late))
    socket.setTimeout(limits.idleMs, () => socket.destroy())
  })
  onward.on("response", (reply) => {
    answer.writeHead(reply.statusCode ?? 502, withoutHops(reply.headers))
    reply.on("error", () => answer.destroy())
    reply.pipe(answer)
  })
  onward.on("error", (cause) => {
    if (!answer.headersSent) refuse(answer, 502, `Aura: ${cause.message}\n`)
  })
  onward.on("close", () => {
    clearTimeout(late)
    if (!answer.headersSent) refuse(answer, 502, "Aura: the connection was closed without an answer.\n")
  })
  answer.on("close", () => onward.destroy())
  asked.pipe(onward)
}

/** @returns the connection to the host, if it is granted */
function openTunnel(
  grants: readonly string[],
  asked: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Socket | undefined {
  socket.on("error", () => undefined)
  const place = readPlace(asked.url ?? "")
  if (!place?.port || !isGranted(grants, place.host, place.port)) {
    socket.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n${refusal(place)}`)
    return undefined
  }
  const host = place.host.replace(/^\[|\]$/g, "")
  const onward = connect({ port: place.port, host, lookup: lookupFor(place, grants) })
  const late = setTimeout(() => onward.destroy(new Error("It did not answer.")), limits.connectMs)
  let isOpen = false
  onward.once("connect", () => {
    isOpen = true
    clearTimeout(late)
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n")
    onward.write(head)
    socket.pipe(onward).pipe(socket)
  })
  onward.on("error", (cause) => {
    if (isOpen) socket.destroy()
    else socket.end(`HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\nAura: ${cause.message}\n`)
  })
  onward.on("close", () => {
    clearTimeout(late)
    if (isOpen) socket.destroy()
  })
  socket.on("close", () => onward.destroy())
  return onward
}

function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase())
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.includes(name)),
  )
}

/**
 * Granting a name grants its public addresses: one that resolves to this machine or to a private network is
 * followed only where the address itself is granted as well, or where it is `localhost`.
 */
function lookupFor({ host, port }: Place, grants: readonly string[]): LookupFunction {
  if (isIP(host.replace(/^\[|\]$/g, "")) !== 0) return lookup
  const isLoopback = (address: string) => address === "::1" || address.startsWith("127.")
  return createLookup((address) => {
    if (host === "localhost") return isLoopback(address)
    const place = readPlace(address)
    return isPublic(address) || (place !== undefined && isGranted(grants, place.host, port ?? 80))
  })
}

/** Like DNS's own lookup, less the addresses that may not be connected to. @see net.LookupFunction */
export function createLookup(mayReach: (address: string) => boolean): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (cause, found) => {
      if (cause) return done(cause, "")
      const reachable = found.filter(({ address }) => mayReach(address))
      const [first] = reachable
      if (!first) {
        const addresses = found.map(({ address }) => address).join(", ")
        const why = `${name} leads to ${addresses}, an address of this machine or of a private network, which was not granted.`
        return done(new Error(why), "")
      }
      if (options.all) done(null, reachable)
      else done(null, first.address, first.family)
    })
  }
}

function refuse(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, { "content-type": "text/plain", connection: "close" }).end(text)
}

function refusal(place: Place | undefined): string {
  if (!place) return "Aura: this is no address that a project can be granted.\n"
  const port = place.port === null ? "" : `:${place.port}`
  return `Aura: ${place.host}${port} is not granted to this project.\n`
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(path, () => resolve())
  })
}
