/** A server that answers as it is told, for what no honest one would say. */
import { createServer, type IncomingHttpHeaders } from "node:http"
import { isObject, type Json, parseObject } from "../json.ts"
import type { Model, ModelEvent, ModelRequest } from "../model.ts"
import { createProvider, type ProviderOptions } from "../provider-client.ts"

export type Said = { status?: number; headers?: Record<string, string>; body: string; isCut?: boolean }

/** Answers with each of these in turn, and with the last one from then on. */
export async function openServer(...answers: Said[]) {
  const requests: Json[] = []
  const heads: { url: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const said = answers[Math.min(heads.length, answers.length - 1)] ?? { body: "" }
      heads.push({ url: request.url ?? "", headers: request.headers })
      requests.push(parseObject(Buffer.concat(chunks).toString()) ?? {})
      response.writeHead(said.status ?? 200, { "content-type": "text/event-stream", ...said.headers })
      response.write(said.body, () => (said.isCut ? response.destroy() : response.end()))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}/v1`, requests, heads, close: () => void server.close() }
}

/** A stream of these chunks. */
export function chunks(...deltas: Json[]): string {
  const events = deltas.map((delta) =>
    "choices" in delta || "error" in delta || "object" in delta
      ? delta
      : {
          id: "1",
          model: "m-1",
          choices: [{ index: 0, delta, finish_reason: delta.finish_reason ?? null }],
        },
  )
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")
}

export const end = (reason = "stop"): string =>
  `${chunks({ finish_reason: reason }, { choices: [], usage: { prompt_tokens: 100, completion_tokens: 7 } })}data: [DONE]\n\n`

export const json = (value: unknown, status = 200): Said => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
})

export function connect(url: string, more: Partial<ProviderOptions> = {}) {
  return createProvider({
    provider: "openai",
    apiKey: "sk-test-0123456789",
    baseUrl: url,
    now: Date.now,
    random: () => 0,
    policy: { attempts: 1, firstMs: 1, capMs: 2 },
    ...more,
  })
}

export const request: ModelRequest = {
  model: "openai:m",
  system: "Be brief.",
  messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
  tools: [{ name: "look", description: "Looks", inputSchema: { type: "object", properties: {} } }],
  maxTokens: 4000,
}

export async function collect(model: Model, asked: ModelRequest = request): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of model.stream(asked, AbortSignal.timeout(10_000))) events.push(event)
  return events
}

export async function lastOf(model: Model, asked: ModelRequest = request) {
  const last = (await collect(model, asked)).at(-1)
  return {
    reply: last?.type === "reply" ? last.reply : undefined,
    failure: last?.type === "failed" ? last.failure : undefined,
  }
}

export const messagesOf = (body: Json | undefined): Json[] =>
  Array.isArray(body?.messages) ? body.messages.filter(isObject) : []
