/** A screenplay behind the real API of a provider: HTTP, streaming and errors as the provider sends them. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { toMessage } from "@aura/core"
import { type Json, parseObject } from "../json.ts"
import { type Api, dialects } from "./dialects.ts"
import { type Pace, pieceChars } from "./events.ts"
import type { Screenplay } from "./screenplay.ts"
import { createStage, type StageOptions } from "./stage.ts"
import { sendError, sendJson, sendRefusal, sendStream, sendWhole } from "./wire.ts"

export type ModelServerOptions = Omit<StageOptions, "dialect"> & {
  screenplay: Screenplay
  /** Anthropic's by default. */
  api?: Api | undefined
  /** 0 = any free one. */
  port: number
  host?: string | undefined
  pace?: Pace | undefined
}

export type ModelServer = {
  url: string
  port: number
  /** Bodies of the latest requests for messages, oldest first. */
  requests: readonly Json[]
  close(): Promise<void>
}

const keptRequests = 200
const keptChars = 8_000_000

export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { screenplay, port, host = "127.0.0.1", pace } = options
  const dialect = dialects[options.api ?? "anthropic"]
  const stage = createStage(screenplay, { ...options, dialect })
  const log = createLog()
  let served = 0

  const server = createServer((request, response) => {
    served += 1
    response.setHeader("request-id", `req_${served.toString().padStart(6, "0")}`)
    respond(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else sendError(response, dialect, { status: 500, type: "api_error", message: toMessage(error) })
    })
  })

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname
    if (request.method === "HEAD" || (request.method === "GET" && path === "/")) {
      response.writeHead(200, { "content-type": "application/json" }).end()
      return
    }
    if (!dialect.hasKey(request.headers)) {
      const message = "You didn't provide an API key."
      return sendError(response, dialect, { status: 401, type: "invalid_request_error", message })
    }
    if (request.method === "GET" && path === dialect.modelsPath)
      return sendJson(response, 200, dialect.models())
    const body = request.method === "POST" ? dialect.take(path, await readBody(request)) : undefined
    if (body === undefined) {
      const message = `There is no ${request.method} ${path}`
      return sendError(response, dialect, { status: 404, type: "not_found_error", message })
    }
    log.add(body)
    const betas = [request.headers["anthropic-beta"] ?? []].flat().flatMap((names) => names.split(/, */))
    const performance = stage.perform(body, pieceChars(pace), betas)
    if (performance.kind === "refusal") return sendRefusal(response, dialect, performance)
    if (!performance.isStreamed) return await sendWhole(response, dialect, performance)
    return await sendStream(response, dialect, performance, pace)
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  const boundPort = typeof address === "object" && address ? address.port : port
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`,
    port: boundPort,
    requests: log.requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function createLog(): { requests: Json[]; add(body: string): void } {
  const requests: Json[] = []
  const sizes: number[] = []
  let chars = 0
  return {
    requests,
    add(body) {
      requests.push(parseObject(body) ?? {})
      sizes.push(body.length)
      chars += body.length
      while (requests.length > keptRequests || (chars > keptChars && requests.length > 1)) {
        requests.shift()
        chars -= sizes.shift() ?? 0
      }
    },
  }
}
