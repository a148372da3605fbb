/** From where Aura is reached: this machine alone, or the network around it. */
import type { Socket } from "node:net"
import { networkInterfaces } from "node:os"

/** True for a name or address that never leaves this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|(::ffff:)?127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

/** True when the other end of a connection is on this machine too; a header can claim nothing here. */
export function isHere(socket: Pick<Socket, "remoteAddress" | "localAddress">): boolean {
  const { remoteAddress, localAddress } = socket
  if (remoteAddress === undefined) return false
  return isLoopback(remoteAddress) || remoteAddress === localAddress
}

/** The name a browser gives the address of this end: no name service stands behind it that could lie. */
export function toHostName(address: string | undefined): string | undefined {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase()
  return plain?.includes(":") ? `[${plain}]` : plain
}

/** Where other machines reach what is bound to `host`; `undefined` when they cannot. */
export function toLanName(host: string): string | undefined {
  if (isLoopback(host)) return undefined
  if (host !== "0.0.0.0" && host !== "::") return toHostName(host)
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const outer = addresses.filter((one) => !one.internal)
  return toHostName((outer.find((one) => one.family === "IPv4") ?? outer[0])?.address)
}
