/** What the APIs of several providers share when a screenplay is played behind them. */
import type { IncomingHttpHeaders } from "node:http"
import type { Json } from "../json.ts"

/** A text in pieces, at least two where it can be cut, so that nobody relies on its coming whole. */
export function pieces(text: string, most: number): string[] {
  const size = Math.min(most, Math.max(Math.ceil(text.length / 2), 1))
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size))
}

/** A picture or PDF in the form of the Messages API, as far as scenes are found by it. */
export function toMedia(data: string): Json {
  return { type: "image", source: { type: "base64", data } }
}

export function isBearer({ authorization }: IncomingHttpHeaders): boolean {
  return /^Bearer \S+$/.test(authorization ?? "")
}

/** OpenAI's list of models. */
export function listScripted(): Json {
  const scripted = { id: "scripted", object: "model", created: 0, owned_by: "screenplay" }
  return { object: "list", data: [scripted] }
}

/** OpenAI caches by itself, as if the end of the prompt were marked. */
export function markEnd(messages: { content: Json[] }[]): void {
  const end = messages.at(-1)?.content.at(-1)
  if (end) end.cache_control = { type: "ephemeral" }
}
