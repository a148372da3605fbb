/** One route of the API: how it is described, and what many of them share. */

import { z } from "zod"
import type { LanSwitch } from "../account.ts"
import { maxRequirementsBytes } from "../limits.ts"
import { paths, type RouteName } from "../paths.ts"

/** Every error answer. */
export const ErrorBody = z.object({
  error: z.string().describe("What happened, for a person"),
  code: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type ErrorBody = z.infer<typeof ErrorBody>

export type RouteDefinition = {
  method: "GET" | "POST" | "PUT" | "DELETE"
  path: string
  summary: string
  /** True: no token needed. */
  open?: boolean
  /** Status of the good answer; 204 has no body. */
  status: 200 | 201 | 202 | 204
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  response?: z.ZodType
  /**
   * What only the machine itself may do: `always`, or unless it is switched on for the network. With a `field`
   * only requests whose body has it.
   */
  local?: { what: LanSwitch | "always"; field?: string }
  /** True: the answer is a `text/event-stream`. */
  stream?: boolean
  /** Largest body in bytes where it differs from the server's 1 MiB. */
  bodyLimit?: number
}

export type Described = Omit<RouteDefinition, "method" | "path">

export function defineRoute<const N extends RouteName, const R extends Described>(name: N, route: R) {
  const [method, path] = paths[name]
  return { method, path, ...route }
}

export const documentBody = 4 * maxRequirementsBytes

export function list<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

/** The query of a list. */
export const page = {
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  cursor: z.string().optional(),
  reverse: z.literal("true").optional().describe("From the end: the last rows first"),
}
export const Page = z.strictObject(page)

/** Parameters of paths: project, and in it spec or session, task, instance. */
export const p = z.object({ p: z.string() })

/** Where other machines reach Aura over HTTPS. */
export const LanSecure = z.object({
  url: z.string(),
  fingerprint: z.string().describe("SHA-256 of the certificate, as browsers show it"),
})
export const ps = p.extend({ s: z.string() })
export const pt = p.extend({ t: z.string() })
export const pi = p.extend({ i: z.string() })
export const pis = pi.extend({ s: z.string() })

export const title = z.string().trim().min(1).max(500)

/** A path on the machine, or in a project's workspace. */
export const where = {
  projectId: z.string().optional().describe("Makes `path` relative to that project's workspace"),
  path: z.string().max(4096),
}
