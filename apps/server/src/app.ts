/** The HTTP app: guard, routes of the API table, sockets, OpenAPI, and the interface's files. */
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { AuraError } from "@aura/core"
import fastifyStatic from "@fastify/static"
import fastifySwagger from "@fastify/swagger"
import fastifyWebsocket from "@fastify/websocket"
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify"
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod"
import { answerBoth } from "./both-protocols.ts"
import { checkOrigin, checkToken } from "./guard.ts"
import type { Host } from "./host.ts"
import { createIdempotencyCache } from "./idempotency.ts"
import { register, sendError } from "./route.ts"
import { accountRoutes } from "./routes/accounts.ts"
import { agentRoutes } from "./routes/agents.ts"
import { fileRoutes } from "./routes/files.ts"
import { loopRoutes } from "./routes/loops.ts"
import { machineRoutes } from "./routes/machine.ts"
import { planRoutes } from "./routes/plan.ts"
import { projectRoutes } from "./routes/projects.ts"
import { requirementRoutes } from "./routes/requirements.ts"
import { settingsRoutes } from "./routes/settings.ts"
import { taskRoutes } from "./routes/tasks.ts"
import { isSocketPath, registerSockets } from "./sockets.ts"

const interfaceDir = fileURLToPath(new URL("../../../interface/dist", import.meta.url))

const securityHeaders = {
  "content-security-policy":
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
}

export async function buildApp(host: Host, log: (line: string) => void): Promise<FastifyInstance> {
  const app = Fastify({
    // For rate limits and the audit log only; forwarded headers never make a client local.
    trustProxy: host.trustedProxies.length > 0 ? host.trustedProxies : false,
    bodyLimit: 1024 * 1024,
    requestTimeout: 60_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16 * 1024 },
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
  })
  if (host.isLan) {
    const endUndecided = answerBoth(app.server, () => host.certificate)
    app.addHook("preClose", async () => endUndecided())
  }
  host.connectionLimit.watch(app.server)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  readJson(app)
  app.setErrorHandler((error: Error, _request, reply) => sendError(error, reply, log))
  // Before the guard: it marks upgrades, so that the connection of a rejected one is closed too.
  await app.register(fastifyWebsocket, { options: { maxPayload: 2 * 1024 * 1024 } })
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders)
    checkOrigin(host, request)
    // The plugin would open a socket on any route that answers GET, and close it again.
    if (request.ws && !isSocketPath(request.url)) await refuseUnknown(host, request)
    const { origin } = request.headers
    if (!origin || !host.allowedOrigins.has(origin)) return
    reply.headers({ "access-control-allow-origin": origin, vary: "origin" })
    if (request.method !== "OPTIONS") return
    reply.headers({
      "access-control-allow-methods": "GET, POST, PUT, DELETE",
      "access-control-allow-headers": "authorization, content-type, idempotency-key",
      "access-control-max-age": "600",
    })
    return await reply.code(204).send()
  })
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Aura", version: host.aura.config.version },
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
  })
  const answers = createIdempotencyCache()
  const routes = [
    accountRoutes,
    agentRoutes,
    fileRoutes,
    loopRoutes,
    machineRoutes,
    planRoutes,
    projectRoutes,
    requirementRoutes,
    settingsRoutes,
    taskRoutes,
  ]
  for (const bound of routes.flatMap((make) => make(host))) register(app, host, answers, bound)
  app.get("/api/openapi.json", { schema: { hide: true } }, async (request) => {
    await checkToken(host, request)
    return app.swagger()
  })
  registerSockets(app, host)
  await serveInterface(app, host)
  await app.ready()
  return app
}

/** JSON only, and an empty body is no body. */
function readJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser("error", "error")
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, text, done) => {
    if (text === "") return done(null, undefined)
    void parse(request, typeof text === "string" ? text : text.toString("utf8"), done)
  })
}

/** The built interface; any other path without a dot is one of its own routes. */
async function serveInterface(app: FastifyInstance, host: Host): Promise<void> {
  const isBuilt = existsSync(`${interfaceDir}/index.html`)
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: interfaceDir,
      wildcard: true,
      index: false,
      // Written beside each file by the build of the interface.
      preCompressed: true,
      setHeaders: (reply, path) =>
        void reply.header(
          "cache-control",
          path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
        ),
    })
  }
  const page = isBuilt
    ? await readFile(`${interfaceDir}/index.html`, "utf8")
    : "<!doctype html><title>Aura</title><p>The interface is not built yet: npm run bootstrap"
  const sendPage = (reply: FastifyReply) =>
    reply.code(200).type("text/html; charset=utf-8").header("cache-control", "no-cache").send(page)
  app.get("/", { schema: { hide: true } }, (_request, reply) => sendPage(reply))
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split("?")[0] ?? ""
    const isRead = request.method === "GET" || request.method === "HEAD"
    const isPage = isRead && !/\.\w+$/.test(path) && !/^\/(api|ws)/.test(path)
    if (isPage) return await sendPage(reply)
    await refuseUnknown(host, request)
  })
}

async function refuseUnknown(host: Host, request: FastifyRequest): Promise<never> {
  await checkToken(host, request)
  throw new AuraError("not_found", "There is no such route.")
}
