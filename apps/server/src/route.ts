/** Binds a route of the API table to what it does; the schemas of the table check and describe it. */

import {
  type Api,
  AuraError,
  api,
  type CallOutput,
  type ErrorBody,
  ErrorBody as ErrorSchema,
  type RouteDefinition,
  type RouteName,
  toMessage,
} from "@aura/core"
import type { auth, Caller } from "@aura/domain"
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod"
import { z } from "zod"
import { toDevice } from "./device.ts"
import { addressOf, checkReach, checkToken, isHere } from "./guard.ts"
import type { Host } from "./host.ts"
import type { IdempotencyCache } from "./idempotency.ts"
import { isLocal } from "./reach.ts"

type Parsed<R, K extends string> = R extends { [key in K]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined
export type RouteInput<N extends RouteName> = {
  params: Parsed<Api[N], "params">
  query: Parsed<Api[N], "query">
  body: Parsed<Api[N], "body">
  /** The login of the request; absent on open routes. */
  login: auth.Login | undefined
  asker: auth.Asker
  /** The caller, for the rules. @throws AuraError `unauthorized` on open routes */
  readonly caller: Caller
}

export type BoundRoute = {
  name: RouteName
  answer(request: FastifyRequest, reply: FastifyReply, login: auth.Login | undefined): Promise<unknown>
}

/** A route that answers JSON. */
export function route<N extends RouteName>(
  name: N,
  handle: (input: RouteInput<N>) => Promise<CallOutput<N>>,
): BoundRoute {
  return { name, answer: (request, _reply, login) => handle(toInput<N>(request, login)) }
}

/** A route that answers JSON or a text, which is offered as a download. */
export function fileRoute<N extends RouteName>(
  name: N,
  handle: (input: RouteInput<N>) => Promise<CallOutput<N> | TextFile>,
): BoundRoute {
  return {
    name,
    async answer(request, reply, login) {
      const answer = await handle(toInput<N>(request, login))
      if (!(answer instanceof TextFile)) return answer
      reply.type(`${answer.type}; charset=utf-8`)
      reply.header("content-disposition", `attachment; filename="${answer.name}"`)
      return answer.text
    },
  }
}

export class TextFile {
  readonly text: string
  readonly type: string
  readonly name: string

  constructor(text: string, type: "text/html" | "text/markdown", name: string) {
    this.text = text
    this.type = type
    this.name = name
  }
}

/** A route that answers with an event stream; it writes to the reply itself. */
export function streamRoute<N extends RouteName>(
  name: N,
  handle: (input: RouteInput<N>, request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): BoundRoute {
  return { name, answer: (request, reply, login) => handle(toInput<N>(request, login), request, reply) }
}

const logins = new WeakMap<FastifyRequest, auth.Login>()

export function register(
  app: FastifyInstance,
  host: Host,
  answers: IdempotencyCache,
  bound: BoundRoute,
): void {
  const definition: RouteDefinition = api[bound.name]
  app.route({
    method: definition.method,
    url: definition.path,
    schema: toSchema(bound.name, definition),
    ...(definition.bodyLimit ? { bodyLimit: definition.bodyLimit } : {}),
    // Before the body is read, so that an unauthorized client learns nothing about the schema.
    onRequest: async (request) => {
      if (!definition.open) logins.set(request, await checkToken(host, request))
      if (definition.local && !definition.local.field)
        await checkReach(host, request, logins.get(request), definition.local.what)
    },
    preHandler: async (request) => {
      if (!definition.local?.field || !isRecord(request.body)) return
      if (request.body[definition.local.field] === undefined) return
      await checkReach(host, request, logins.get(request), definition.local.what)
    },
    handler: async (request, reply) => {
      const login = logins.get(request)
      const work = () => bound.answer(request, reply, login)
      if (definition.stream) return await work()
      const key = request.headers["idempotency-key"]
      const isOnce = definition.method === "POST" && typeof key === "string" && login !== undefined
      const result = isOnce
        ? await answers.once(`${login.user.id} ${request.url} ${key}`, work)
        : await work()
      return await reply.code(definition.status).send(result)
    },
  })
}

/** The one place where failures become status codes. */
export function sendError(
  error: FastifyError | Error,
  reply: FastifyReply,
  log: (line: string) => void,
): void {
  const failure = toAuraError(error)
  if (failure.code === "internal_error") log(`${error.stack ?? error.message}`)
  const retryAfterSecs = failure.details?.retryAfterSecs
  if (typeof retryAfterSecs === "number") reply.header("retry-after", String(retryAfterSecs))
  const body: ErrorBody = {
    error: failure.message,
    code: failure.code,
    ...(failure.details ? { details: failure.details } : {}),
  }
  void reply.code(failure.status).type("application/json").send(body)
}

function toAuraError(error: FastifyError | Error): AuraError {
  if (error instanceof AuraError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0]
    const where = [error.validationContext, ...(first?.instancePath ?? "").split("/").filter(Boolean)].join(
      ".",
    )
    const fields = error.validation.map((issue) => ({ path: issue.instancePath, message: issue.message }))
    return new AuraError("bad_request", `The request does not fit: ${where}: ${first?.message}.`, { fields })
  }
  const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500
  if (status === 413) return new AuraError("too_large", "The request is too large.")
  if (status === 415)
    return new AuraError("unsupported_media_type", "Send JSON, with content-type application/json.")
  if (status === 429) return new AuraError("too_many_requests", "Too many requests.")
  if (status >= 400 && status < 500)
    return new AuraError("bad_request", `The request cannot be read: ${toMessage(error)}.`)
  return new AuraError("internal_error", "Aura ran into a bug of its own. Its log says more.")
}

function toInput<N extends RouteName>(request: FastifyRequest, login: auth.Login | undefined): RouteInput<N>
function toInput(request: FastifyRequest, login: auth.Login | undefined): unknown {
  return {
    params: request.params,
    query: request.query,
    body: request.body,
    login,
    asker: toAsker(request),
    get caller() {
      return toCaller(request, login)
    },
  }
}

/** @throws AuraError `unauthorized` without a login */
export function toCaller(request: FastifyRequest, login: auth.Login | undefined): Caller {
  if (!login) throw new AuraError("unauthorized", "Sign in first.")
  const { displayName, role } = login.user
  return { kind: "person", name: displayName, role, isHere: isHere(request, login) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}

function toAsker(request: FastifyRequest): auth.Asker {
  return {
    address: addressOf(request),
    device: toDevice(request.headers["user-agent"]),
    isLocal: isLocal(request.raw),
  }
}

function toSchema(name: string, definition: RouteDefinition): Record<string, unknown> {
  const good = definition.stream
    ? {}
    : { [definition.status]: definition.response ?? z.undefined().describe("Nothing") }
  return {
    operationId: name,
    summary: definition.summary,
    ...(definition.open ? { security: [] } : {}),
    ...(definition.stream ? { produces: ["text/event-stream"] } : {}),
    ...(definition.params ? { params: definition.params } : {}),
    ...(definition.query ? { querystring: definition.query } : {}),
    ...(definition.body ? { body: definition.body } : {}),
    response: { ...good, "4xx": ErrorSchema },
  }
}
