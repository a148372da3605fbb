/** Decides whether a request comes from this machine or from the network. */
import type { IncomingMessage } from "node:http"
import type { Socket } from "node:net"
import { networkInterfaces } from "node:os"

/** True for a name or address that never leaves this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|(::ffff:)?127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

/** Headers that proxies add; no browser and no client of Aura sends them. */
const proxyHeader =
  /^(forwarded|via|x-forwarded(-.+)?|x-real-ip|x-(client|cluster-client|original-forwarded)-.+|x-(original|envoy|amzn|appengine|azure)-.+|x-proxy(user)?-.+|(cf|cdn|fastly|fly|ali|akamai|tailscale|ngrok)-.+|true-client-ip|proxy-.+)$/

/**
 * True when a request comes from a program on this machine that asked for one of this machine's own addresses, through no
 * proxy. A hidden proxy is not detected, so features restricted to this machine also need a login from here.
 */
export function isLocal(request: IncomingMessage): boolean {
  const { headers, socket } = request
  if (!isSameMachine(socket)) return false
  // Browsers and clients use HTTP/1.1; some proxies use 1.0 and add no headers.
  if (request.httpVersion !== "1.1") return false
  if (Object.keys(headers).some((name) => proxyHeader.test(name))) return false
  const isOwnName = (name: string) =>
    isLoopback(name) || (name === toHostName(socket.localAddress) && socket.localAddress !== undefined)
  if (!isOwnName(toName(`http://${headers.host ?? ""}`))) return false
  return headers.origin === undefined || isOwnName(toName(headers.origin))
}

/** The host name of an address; empty for an invalid one. */
function toName(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ""
}

/** True when the peer of a connection is on this machine; it may be a proxy for somebody elsewhere. */
export function isSameMachine(socket: Pick<Socket, "remoteAddress" | "localAddress">): boolean {
  const { remoteAddress, localAddress } = socket
  if (remoteAddress === undefined) return false
  return isLoopback(remoteAddress) || remoteAddress === localAddress
}

/** The host name a browser uses for this address, which needs no DNS. */
export function toHostName(address: string | undefined): string | undefined {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase()
  return plain?.includes(":") ? `[${plain}]` : plain
}

/** The name under which other machines reach a server bound to `host`; `undefined` when they cannot. */
export function toLanName(host: string): string | undefined {
  if (isLoopback(host)) return undefined
  if (host !== "0.0.0.0" && host !== "::") return toHostName(host)
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const outer = addresses.filter((one) => !one.internal)
  return toHostName((outer.find((one) => one.family === "IPv4") ?? outer[0])?.address)
}
