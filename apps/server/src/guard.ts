/** The one guard: every request and every socket passes it, in this order, before any route. */
import { AuraError } from "@aura/core"
import { auth } from "@aura/domain"
import type { FastifyRequest } from "fastify"
import type { Host } from "./host.ts"

/**
 * Host name, origin and site of a request.
 * @throws AuraError `forbidden` for a name or a page that is not ours, `bad_request` for a malformed request
 */
export function checkOrigin(host: Host, request: FastifyRequest): void {
  const hosts = request.raw.rawHeaders.filter((value, i) => i % 2 === 0 && value.toLowerCase() === "host")
  const name = toName(request.headers.host)
  if (hosts.length !== 1 || !name || !request.raw.url?.startsWith("/"))
    throw new AuraError("bad_request", "A request needs exactly one Host.")
  if (!host.hostNames.has(name))
    throw new AuraError(
      "forbidden",
      "Aura does not answer to that host name. Use the address it printed at start.",
    )
  const { origin } = request.headers
  const isOurs =
    origin === undefined || origin === `http://${request.headers.host}` || host.allowedOrigins.has(origin)
  if (!isOurs)
    throw new AuraError(
      "forbidden",
      "Aura does not answer pages of other sites. AURA_ALLOWED_ORIGINS lists the ones it may.",
    )
  const isListed = origin !== undefined && host.allowedOrigins.has(origin)
  const isNavigation = request.headers["sec-fetch-mode"] === "navigate" && request.method === "GET"
  if (request.headers["sec-fetch-site"] === "cross-site" && !isListed && !isNavigation) {
    throw new AuraError("forbidden", "Aura does not answer pages of other sites.")
  }
}

/** The login a request's Bearer token stands for. @throws AuraError `unauthorized` */
export async function checkToken(host: Host, request: FastifyRequest): Promise<auth.Login> {
  const header = request.headers.authorization
  const token = header?.startsWith("Bearer ") ? header.slice("Bearer ".length) : undefined
  return await auth.authenticate(host.aura, token)
}

function toName(host: string | undefined): string | undefined {
  if (!host) return undefined
  const match = /^(\[[0-9a-f:]+\]|[^:]+)(?::\d+)?$/i.exec(host)
  return match?.[1]?.toLowerCase()
}
