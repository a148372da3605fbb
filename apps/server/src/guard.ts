/** The guard that every request and every socket passes, in this order, before any route. */

import type { Socket } from "node:net"
import { isIP } from "node:net"
import { AuraError, type LanSwitch } from "@aura/core"
import { auth, settings } from "@aura/domain"
import type { FastifyRequest } from "fastify"
import { isEncrypted } from "./both-protocols.ts"
import type { Host } from "./host.ts"
import { isLocal, toHostName } from "./reach.ts"

/**
 * Checks host name, origin and site of a request; ignores forwarded headers.
 * @throws AuraError `forbidden` for a name or a page that is not ours, `bad_request` for a malformed request
 */
export function checkOrigin(host: Host, request: FastifyRequest): void {
  const hosts = request.raw.rawHeaders.filter((value, i) => i % 2 === 0 && value.toLowerCase() === "host")
  const authority = request.headers.host?.toLowerCase() ?? ""
  const address = toAddress(authority)
  if (hosts.length !== 1 || !address || !request.raw.url?.startsWith("/"))
    throw new AuraError("bad_request", "A request needs exactly one Host.")
  if (!isOurs(host, request.raw.socket, authority, address))
    throw new AuraError(
      "forbidden",
      "Aura does not answer to that host name. Use the address it printed at start.",
    )
  const { origin } = request.headers
  const isListed = origin !== undefined && host.allowedOrigins.has(origin)
  const own = `${isEncrypted(request.raw.socket) ? "https" : "http"}://${authority}`
  if (origin !== undefined && origin !== own && !isListed)
    throw new AuraError(
      "forbidden",
      "Aura does not answer pages of other sites. AURA_ALLOWED_ORIGINS lists the ones it may.",
    )
  const isNavigation = request.headers["sec-fetch-mode"] === "navigate" && request.method === "GET"
  if (request.headers["sec-fetch-site"] === "cross-site" && !isListed && !isNavigation) {
    throw new AuraError("forbidden", "Aura does not answer pages of other sites.")
  }
}

/**
 * The login a request's Bearer token stands for.
 * @throws AuraError `unauthorized`; `too_many_requests` after many wrong tokens from one address
 */
export async function checkToken(host: Host, request: FastifyRequest): Promise<auth.Login> {
  const header = request.headers.authorization
  const token = header?.startsWith("Bearer ") ? header.slice("Bearer ".length) : undefined
  return await braked(host, request, token !== undefined, () => auth.authenticate(host.aura, token))
}

/** A valid token is always accepted: invalid ones from the same address cannot lock its owner out. */
export async function braked(
  host: Host,
  request: FastifyRequest,
  isTried: boolean,
  find: () => Promise<auth.Login>,
): Promise<auth.Login> {
  const login = await find().catch((thrown: unknown) => {
    if (isTried) host.tokenBrake.count(addressOf(request))
    throw thrown
  })
  host.connectionLimit.admit(request.raw.socket)
  return login
}

/** The address of the client: the peer of the connection, or as reported by a trusted proxy. */
export function addressOf(request: FastifyRequest): string {
  return isIP(request.ip) ? request.ip : (request.raw.socket.remoteAddress ?? "")
}

/**
 * True when the request comes from Aura's own machine: the login was made there with a sign-in link of this
 * machine, and this request comes from it too, without a proxy.
 */
export function isHere(request: FastifyRequest, login: auth.Login | undefined): boolean {
  return login?.here === true && isLocal(request.raw)
}

const offWords = {
  always:
    "That is done on Aura's own machine only, at its own address, signed in by a link that `npx aura link` prints there.",
  terminals:
    "Terminals are off over the network. They are switched on in Settings on Aura's own machine, signed in by a link that `npx aura link` prints there.",
  folders: "Choosing folders is off over the network. It is switched on in Settings on Aura's own machine.",
  permissions: "Permissions are changed on Aura's own machine; its Settings can allow it over the network.",
} as const

/**
 * Rejects features that are switched off over the network, for clients on other machines.
 * @throws AuraError `forbidden`
 */
export async function checkReach(
  host: Host,
  request: FastifyRequest,
  login: auth.Login | undefined,
  what: LanSwitch | "always",
): Promise<void> {
  if (isHere(request, login)) return
  const { lanAllows } = await settings.get(host.aura)
  if (what === "always" || !lanAllows.includes(what)) throw new AuraError("forbidden", offWords[what])
}

/**
 * Calls `end` when the feature is switched off over the network.
 * @returns stops waiting for that
 */
export function endWithReach(
  host: Host,
  request: FastifyRequest,
  login: auth.Login | undefined,
  what: LanSwitch,
  end: (why: string) => void,
): () => void {
  if (isHere(request, login)) return () => undefined
  return host.aura.store.subscribe((event) => {
    const row = event.rows.settings?.[0]
    if (row && !row.lanAllows?.includes(what)) end(offWords[what])
  })
}

type Address = { name: string; port: number }

function isOurs(host: Host, socket: Socket, authority: string, { name, port }: Address): boolean {
  if (host.frontAuthorities.has(authority) || name === host.publicHost) return true
  if (host.port !== undefined && port !== host.port) return false
  return host.hostNames.has(name) || (host.isLan && name === toHostName(socket.localAddress))
}

function toAddress(authority: string): Address | undefined {
  const match = /^(\[[0-9a-f:]+\]|[^:@/\s]+)(?::(\d{1,5}))?$/.exec(authority)
  return match?.[1] ? { name: match[1], port: Number(match[2] ?? 80) } : undefined
}
