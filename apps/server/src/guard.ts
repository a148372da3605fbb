/** The one guard: every request and every socket passes it, in this order, before any route. */
import { AuraError } from "@aura/core"
import { auth } from "@aura/domain"
import type { FastifyRequest } from "fastify"
import type { Host } from "./host.ts"

/**
 * Host name, origin and site of a request; forwarded headers count for nothing.
 * @throws AuraError `forbidden` for a name or a page that is not ours, `bad_request` for a malformed request
 */
export function checkOrigin(host: Host, request: FastifyRequest): void {
  const hosts = request.raw.rawHeaders.filter((value, i) => i % 2 === 0 && value.toLowerCase() === "host")
  const authority = request.headers.host?.toLowerCase() ?? ""
  const address = toAddress(authority)
  if (hosts.length !== 1 || !address || !request.raw.url?.startsWith("/"))
    throw new AuraError("bad_request", "A request needs exactly one Host.")
  if (!isOurs(host, authority, address))
    throw new AuraError(
      "forbidden",
      "Aura does not answer to that host name. Use the address it printed at start.",
    )
  const { origin } = request.headers
  const isListed = origin !== undefined && host.allowedOrigins.has(origin)
  if (origin !== undefined && origin !== `http://${authority}` && !isListed)
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

/** A right token is always served: wrong ones from the same address cannot lock its owner out. */
export async function braked(
  host: Host,
  request: FastifyRequest,
  isTried: boolean,
  find: () => Promise<auth.Login>,
): Promise<auth.Login> {
  const login = await find().catch((thrown: unknown) => {
    if (isTried) {
      host.tokenBrake.check(request.ip)
      host.tokenBrake.failed(request.ip)
    }
    throw thrown
  })
  host.crowd.admit(request.raw.socket)
  return login
}

type Address = { name: string; port: number }

function isOurs(host: Host, authority: string, { name, port }: Address): boolean {
  if (host.frontAuthorities.has(authority) || name === host.publicHost) return true
  return host.hostNames.has(name) && (host.port === undefined || port === host.port)
}

function toAddress(authority: string): Address | undefined {
  const match = /^(\[[0-9a-f:]+\]|[^:@/\s]+)(?::(\d{1,5}))?$/.exec(authority)
  return match?.[1] ? { name: match[1], port: Number(match[2] ?? 80) } : undefined
}
